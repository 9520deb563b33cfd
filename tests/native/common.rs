//! What the engine's tests share: the golden files, the built-in model, and the comparison.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use attnscope::engine::{Input, Model, StackKind, TextTokenizer, Trace, read_input};
use attnscope::scene::Scene;
use attnscope::scene::colour::Theme;
use attnscope::scene::svg::svg;
use ndarray::s;
use safetensors::SafeTensors;
use serde_json::Value;

/// Weights, hidden states and logits may differ by this much from Hugging Face's.
pub const TOLERANCE: f32 = 1e-4;

pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn golden() -> PathBuf {
    project().join("tests/golden")
}

pub fn minilm_folder() -> PathBuf {
    project().join("assets/models/all-minilm-l6-v2")
}

pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

pub fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

pub fn json(path: &Path) -> Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

/// JSON pointers to every value of a file.
pub fn places(value: &Value, here: &str, all: &mut Vec<String>) {
    all.push(here.to_owned());
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.replace('/', "~1"), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(i, value)| (i.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    inner.into_iter().for_each(|(name, value)| places(value, &format!("{here}/{name}"), all));
}

/// The built-in model, loaded once.
pub fn minilm() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let folder = minilm_folder();
        Model::load(&text(&folder.join("config.json")), bytes(&folder.join("model.safetensors"))).expect("MiniLM loads")
    })
}

pub fn tokenizer() -> &'static TextTokenizer {
    static TOKENIZER: OnceLock<TextTokenizer> = OnceLock::new();
    TOKENIZER.get_or_init(|| {
        TextTokenizer::load(&bytes(&minilm_folder().join("tokenizer.json")), 512).expect("MiniLM's tokenizer loads")
    })
}

/// An F32 tensor of a golden file.
#[derive(Debug, Clone, PartialEq)]
pub struct Golden {
    pub shape: Vec<usize>,
    pub numbers: Vec<f32>,
}

pub fn tensors(bytes: &[u8]) -> BTreeMap<String, Golden> {
    let file = SafeTensors::deserialize(bytes).expect("a safetensors file");
    let golden = file.iter().map(|(name, view)| {
        let numbers = view.data().chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
        (name.to_owned(), Golden { shape: view.shape().to_vec(), numbers })
    });
    golden.collect()
}

/// Largest difference; NaN counts as infinite.
pub fn difference(ours: impl IntoIterator<Item = f32>, golden: &[f32]) -> f32 {
    let ours: Vec<f32> = ours.into_iter().collect();
    assert_eq!(ours.len(), golden.len(), "as many numbers as the golden file");
    let differences = ours.iter().zip(golden).map(|(a, b)| (a - b).abs());
    differences.fold(0.0, |most, d| if d.is_nan() { f32::INFINITY } else { d.max(most) })
}

/// Each golden tensor's name with the largest difference from the trace. What a mask hides is 0 in Hugging Face's
/// weights and NaN in ours.
pub fn differences(model: &Model, trace: &Trace, golden: &BTreeMap<String, Golden>) -> Vec<(String, f32)> {
    let compare = |(name, golden): (&String, &Golden)| {
        let numbers = &golden.numbers;
        let difference = match name.as_str() {
            "last_hidden_state" => difference(trace.last_hidden.iter().copied(), numbers),
            "logits" => {
                let logits = model.logits(trace, 0..trace.outputs.len());
                difference(logits.iter().flatten().copied(), numbers)
            }
            _ => {
                let layer = layer(model, name).unwrap_or_else(|| panic!("{name} is a known tensor"));
                let block = &trace.blocks[layer];
                let own = trace.pattern.slice(s![layer, .., block.queries.clone(), block.keys.clone()]);
                let cells = own.indexed_iter().map(|((_, query, key), &weight)| {
                    let hidden = !block.config.mask.keys(query, own.dim().2).contains(&key);
                    assert_eq!(weight.is_nan(), hidden, "{name}: a cell is not available where the mask says so");
                    if hidden { 0.0 } else { weight }
                });
                difference(cells, numbers)
            }
        };
        (name.clone(), difference)
    };
    golden.iter().map(compare).collect()
}

/// The block that a golden tensor is of.
fn layer(model: &Model, name: &str) -> Option<usize> {
    let (kind, l) = name.rsplit_once('.')?;
    let l: usize = l.parse().ok()?;
    let wanted = match kind {
        "attention" => StackKind::Encoder,
        "decoder_attention" => StackKind::Decoder,
        "cross_attention" => StackKind::Cross,
        _ => return None,
    };
    (0..model.config.layers)
        .find(|&block| model.config.architecture.stack(block).unwrap_or((StackKind::Encoder, block)) == (wanted, l))
}

/// The worst of [`differences`] beyond the tolerance, by name.
pub fn disagreement(model: &Model, trace: &Trace, golden: &BTreeMap<String, Golden>) -> Option<(String, f32)> {
    differences(model, trace, golden).into_iter().find(|&(_, difference)| difference > TOLERANCE)
}

/// A safetensors file from a header and numbers, whatever they are.
pub fn container(header: &str, data: &[u8]) -> Vec<u8> {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header.as_bytes());
    file.extend_from_slice(data);
    file
}

/// The span of a tensor's numbers in a file's bytes.
pub fn span(file: &[u8], name: &str) -> std::ops::Range<usize> {
    let (header, metadata) = SafeTensors::read_metadata(file).expect("a safetensors file");
    let (start, end) = metadata.info(name).expect("a tensor of this name").data_offsets;
    8 + header + start..8 + header + end
}

/// `input.json` of a family's folder.
pub fn input(folder: &Path) -> Input {
    read_input(&text(&folder.join("input.json"))).expect("ids")
}

/// `ATTNSCOPE_UPDATE=1` writes golden files anew.
pub fn updating() -> bool {
    std::env::var_os("ATTNSCOPE_UPDATE").is_some()
}

/// Compares with the file in tests/golden/scenes; a picture that differs is left beside it.
pub fn assert_golden(name: &str, scene: &Scene) {
    let file = project().join("tests/golden/scenes").join(name).with_extension("svg");
    let drawn = svg(scene, Theme::Light);
    if updating() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &drawn).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    if let Some((line, (now, before))) =
        drawn.lines().zip(golden.lines().chain(std::iter::repeat(""))).enumerate().find(|(_, (a, b))| a != b)
    {
        let beside = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).with_extension("svg");
        std::fs::write(&beside, &drawn).unwrap();
        panic!("{name}, line {}:\n  now    {now}\n  before {before}\ndrawn in {}", line + 1, beside.display());
    }
    assert_eq!(drawn.lines().count(), golden.lines().count(), "{name}");
}
