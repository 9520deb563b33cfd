//! A saved run, which can be drawn without a model.
//!
//! The file is safetensors: a tensor `pattern` U16 [layers, heads, n, n], where a weight is
//! value / 65534 (with an error of at most 7.7e-6) and 65535 is a weight that is not available, and a tensor `about` U8
//! [bytes], which is [`About`] in postcard's format.
//!
//! Any safetensors library can open it. The page has none, because one would add 16 KB to it, and a JSON parser 75 KB.
//! It takes the numbers out of the header, and refuses a file whose header is not byte for byte the one that is written
//! here for these numbers.

use ndarray::{Array4, ArrayView4};
use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::permalink::{link, link_to};
use super::run::{Run, Source};
use super::view_state::ViewState;
use crate::engine::{Intervention, Tokens};
use crate::error::{Error, Kind, Result};

const VERSION: u32 = 2;
const SCALE: f32 = 65534.0;
/// A weight that is not available.
const NONE: u16 = u16::MAX;
/// The most weights of a snapshot: 16 layers of 16 heads of 512 tokens.
const MOST_WEIGHTS: usize = 16 * 16 * 512 * 512;

/// A saved run.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub about: About,
    /// Weights [layer, head, query, key].
    pub pattern: Array4<f32>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The first field, so that it can be read in every version.
    version: u32,
    pub model: String,
    pub text: String,
    pub pair: Option<String>,
    /// The changes in the model.
    pub altered: Intervention,
    pub tokens: Tokens,
    /// The view as a permalink.
    pub link: String,
}

impl Snapshot {
    /// The run of the texts of `view` in the model of this name, with the changes of `view`.
    pub fn new(model: &str, view: &ViewState, tokens: Tokens, pattern: Array4<f32>) -> Self {
        let (model, Asked { text, pair, altered }) = (model.to_owned(), view.asked());
        // The texts are in the file in any case. If they are too long for a link, it has only the other options.
        let without = || ViewState { text: String::new(), pair: None, compare: None, ..view.clone() };
        let link = link_to(view).unwrap_or_else(|| link(&without()));
        Self { about: About { version: VERSION, model, text, pair, altered, tokens, link }, pattern }
    }

    /// The bytes of the file. The same run gives the same bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let fixed = |w: f32| if w.is_nan() { NONE } else { (w.clamp(0.0, 1.0) * SCALE).round() as u16 };
        let about = postcard::to_allocvec(&self.about).map_err(fault)?;
        let (layers, heads, queries, keys) = self.pattern.dim();
        let header = header([layers, heads, queries, keys], about.len());
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend(header.into_bytes());
        file.extend(self.pattern.iter().flat_map(|&w| fixed(w).to_le_bytes()));
        file.extend(about);
        Ok(file)
    }

    /// Reads a file from outside.
    ///
    /// # Errors
    /// [`Kind::Format`] for anything that is not a complete snapshot of a known version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (length, rest) = bytes.split_first_chunk().ok_or_else(|| fault("less than a header"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (written, data) = rest.split_at_checked(length).ok_or_else(|| fault("a header that is cut"))?;
        let (shape, about_bytes) = numbers(written).ok_or_else(|| fault("a header of another kind"))?;
        let [layers, heads, queries, keys] = shape;
        let weights = shape.iter().try_fold(1usize, |all, &d| all.checked_mul(d)).unwrap_or(usize::MAX);
        if !(1..=MOST_WEIGHTS).contains(&weights) {
            return Err(fault(format!("a pattern of {shape:?}")));
        }
        if data.len().checked_sub(2 * weights) != Some(about_bytes) {
            return Err(fault(format!("{} bytes for {weights} weights and {about_bytes} bytes", data.len())));
        }
        if written != header(shape, about_bytes).as_bytes() {
            return Err(fault("a header of another kind"));
        }
        let (data, about) = data.split_at(2 * weights);
        let (version, _) = postcard::take_from_bytes::<u32>(about).map_err(fault)?;
        if version != VERSION {
            return Err(fault(format!("version {version}")));
        }
        let (about, []) = postcard::take_from_bytes::<About>(about).map_err(fault)? else {
            return Err(fault("more than it says"));
        };
        let n = about.tokens.len();
        if (queries, keys) != (n, n) {
            return Err(fault(format!("a pattern of {shape:?} for {n} tokens")));
        }
        let weight = |value| if value == NONE { f32::NAN } else { f32::from(value) / SCALE };
        let values = data.chunks_exact(2).map(|b| weight(u16::from_le_bytes([b[0], b[1]]))).collect();
        let pattern = Array4::from_shape_vec((layers, heads, n, n), values).map_err(fault)?;
        Ok(Self { about, pattern })
    }

    /// The run, ready to be drawn.
    pub fn run(&self) -> Run {
        let About { text, pair, altered, tokens, .. } = self.about.clone();
        let asked = Asked { text, pair, altered };
        let mut run = Run::whole(asked, tokens, &self.pattern, Source::Snapshot);
        run.saved_by.clone_from(&self.about.model);
        run
    }

    /// The largest difference between this snapshot's weights and these. None if the shapes differ, or which weights
    /// are available.
    pub fn largest_difference(&self, pattern: ArrayView4<'_, f32>) -> Option<f32> {
        let same = self.pattern.dim() == pattern.dim()
            && self.pattern.iter().zip(&pattern).all(|(a, b)| a.is_nan() == b.is_nan());
        same.then(|| self.pattern.iter().zip(&pattern).fold(0.0, |worst, (a, b)| f32::max(worst, (a - b).abs())))
    }
}

/// The header of a file with these two tensors, as the `safetensors` crate writes it: the tensor with the wider type is
/// first, and spaces follow up to a multiple of eight bytes.
fn header(shape: [usize; 4], about: usize) -> String {
    let pattern = 2 * shape.iter().product::<usize>();
    let [layers, heads, queries, keys] = shape;
    let end = pattern + about;
    let mut json = format!(
        "{{\"pattern\":{{\"dtype\":\"U16\",\"shape\":[{layers},{heads},{queries},{keys}],\"data_offsets\":[0,{pattern}]}},\
         \"about\":{{\"dtype\":\"U8\",\"shape\":[{about}],\"data_offsets\":[{pattern},{end}]}}}}"
    );
    while json.len() % 8 != 0 {
        json.push(' ');
    }
    json
}

/// The arguments of [`header`] for this header. None if it would not write it.
fn numbers(header: &[u8]) -> Option<([usize; 4], usize)> {
    let runs = header.split(|byte| !byte.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let found =
        runs.take(9).map(|digits| std::str::from_utf8(digits).ok()?.parse().ok()).collect::<Option<Vec<_>>>()?;
    match found[..] {
        [16, layers, heads, queries, keys, 0, _, 8, about] => Some(([layers, heads, queries, keys], about)),
        _ => None,
    }
}

fn fault(got: impl ToString) -> Error {
    let advice = "Save the snapshot again, from the page or with `attn snapshot`.";
    Error::new(Kind::Format, "snapshot", "a whole Attnscope snapshot, version 2", got.to_string(), advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Token;

    fn example() -> Snapshot {
        let token = |id: u32| Token {
            id,
            token: format!("t{id}"),
            chars: (0, 1),
            bytes: (0, 1),
            segment: 0,
            sequence: Some(0),
            word: Some(id),
            special: false,
        };
        let tokens = Tokens { items: vec![token(0), token(1)], cuts: vec![] };
        let pattern =
            Array4::from_shape_fn((1, 2, 2, 2), |(_, h, q, k)| if (h + q + k) % 2 == 0 { 0.624 } else { 0.376 });
        let mut view = ViewState { text: "ab".into(), layer: 0, tokens: vec![1], ..ViewState::default() };
        view.altered.temperature = 2.0;
        Snapshot::new("tiny", &view, tokens, pattern)
    }

    #[test]
    fn a_snapshot_comes_back_within_its_stated_error() {
        let (before, bytes) = (example(), example().to_bytes().unwrap());
        let after = Snapshot::from_bytes(&bytes).unwrap();
        assert_eq!(after.about, before.about);
        assert!(after.largest_difference(before.pattern.view()).unwrap() <= 7.7e-6);
        assert_eq!(after.about.link, "v=1&text=ab&head=L0H1&tokens=1&temperature=2");
        let run = after.run();
        assert_eq!(run.asked.altered.temperature, 2.0);
        assert_eq!((run.layers, run.heads, run.weights.side, run.source), (1, 2, 2, Source::Snapshot));
        assert!((run.pattern(HeadId::new(0, 1)).unwrap()[[0, 1]] - 0.624).abs() < 1e-5);
    }

    use crate::engine::HeadId;

    #[test]
    fn what_is_not_available_stays_so_and_ends_are_exact() {
        let mut before = example();
        (before.pattern[[0, 0, 0, 1]], before.pattern[[0, 0, 0, 0]], before.pattern[[0, 1, 0, 0]]) =
            (f32::NAN, 1.0, 0.0);
        let after = Snapshot::from_bytes(&before.to_bytes().unwrap()).unwrap().pattern;
        assert!(after[[0, 0, 0, 1]].is_nan());
        assert_eq!((after[[0, 0, 0, 0]], after[[0, 1, 0, 0]]), (1.0, 0.0));
    }

    #[test]
    fn every_cut_and_every_flipped_byte_is_an_error_or_a_snapshot_never_a_panic() {
        let bytes = example().to_bytes().unwrap();
        for length in 0..bytes.len() {
            assert_eq!(Snapshot::from_bytes(&bytes[..length]).unwrap_err().kind, Kind::Format);
        }
        for at in 0..bytes.len() {
            let mut broken = bytes.clone();
            for flip in [0x01, 0x15, 0x80, 0xff] {
                broken[at] = bytes[at] ^ flip;
                if let Ok(snapshot) = Snapshot::from_bytes(&broken) {
                    snapshot.run();
                }
            }
        }
    }

    #[test]
    fn any_safetensors_library_reads_and_writes_the_same_file() {
        use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};

        // Every remainder of eight in the header, and sizes of one to five digits.
        for (n, text) in (1..10).map(|n| (n, "a".repeat(n * n * n * n))) {
            let mut snapshot = example();
            let token = snapshot.about.tokens.items[0].clone();
            snapshot.about.tokens.items = vec![token; n];
            snapshot.about.text = text;
            snapshot.pattern = Array4::from_elem((3, 4, n, n), 0.5);
            let ours = snapshot.to_bytes().unwrap();
            let opened = SafeTensors::deserialize(&ours).unwrap();
            let (pattern, about) = (opened.tensor("pattern").unwrap(), opened.tensor("about").unwrap());
            assert_eq!((pattern.dtype(), pattern.shape()), (Dtype::U16, &[3, 4, n, n][..]));
            assert_eq!((about.dtype(), about.shape()), (Dtype::U8, &[about.data().len()][..]));
            assert_eq!(postcard::from_bytes::<About>(about.data()).unwrap(), snapshot.about);
            let views = [("about", about), ("pattern", pattern)];
            assert!(serialize(views, None).unwrap() == ours, "n {n}");
            assert_eq!(Snapshot::from_bytes(&ours).unwrap().about, snapshot.about);
        }

        // A file of the same tensors and more is another file.
        let (pattern, about) = ([0; 16], postcard::to_allocvec(&example().about).unwrap());
        let pattern = TensorView::new(Dtype::U16, vec![1, 2, 2, 2], &pattern).unwrap();
        let about = TensorView::new(Dtype::U8, vec![about.len()], &about).unwrap();
        let file = |more| serialize([("pattern", pattern.clone()), ("about", about.clone())], more).unwrap();
        assert!(Snapshot::from_bytes(&file(None)).is_ok());
        let metadata = std::collections::HashMap::from([("by".to_owned(), "me".to_owned())]);
        assert!(Snapshot::from_bytes(&file(Some(metadata))).unwrap_err().got.contains("another kind"));
    }

    /// The example's file with another header.
    fn with_header(header: &str) -> Result<Snapshot> {
        let whole = example().to_bytes().unwrap();
        let (length, rest) = whole.split_first_chunk::<8>().unwrap();
        let data = &rest[u64::from_le_bytes(*length) as usize..];
        Snapshot::from_bytes(&[&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat())
    }

    #[test]
    fn a_header_that_is_not_ours_is_refused() {
        let about = postcard::to_allocvec(&example().about).unwrap().len();
        let ours = header([1, 2, 2, 2], about);
        assert!(with_header(&ours).is_ok());
        for (from, to) in [
            ("U16", "F16"),
            ("U16", "I16"),
            ("[1,2,2,2]", "[1,2,2,02]"),
            ("[1,2,2,2]", "[1,2,2, 2]"),
            ("[1,2,2,2]", "[1,2,4,1]"),
            ("[1,2,2,2]", "[2,2,2,2]"),
            ("[1,2,2,2]", "[0,2,2,2]"),
            ("[1,2,2,2]", "[1,2,2,99999999999999999999]"),
            ("[1,2,2,2]", "[4294967296,4294967296,2,2]"),
            ("[1,2,2,2]", "[1,2,2,9223372036854775807]"),
            ("[1,2,2,2]", "[16,16,512,513]"),
            ("[0,16]", "[0,17]"),
            ("[0,16]", "[1,16]"),
            ("pattern", "patterm"),
            ("}}", "} }"),
            (" ", ""),
        ] {
            assert!(ours.contains(from), "{from} in {ours}");
            assert_eq!(with_header(&ours.replacen(from, to, 1)).unwrap_err().kind, Kind::Format, "{to}");
        }
        for foreign in ["", "{}", "7", &"1,".repeat(20)] {
            assert_eq!(with_header(foreign).unwrap_err().kind, Kind::Format, "{foreign}");
        }
        assert!(with_header(&format!("{ours}        ")).is_err());
    }

    #[test]
    fn another_version_and_bytes_behind_the_end_are_refused() {
        let mut newer = example();
        newer.about.version = 3;
        assert_eq!(Snapshot::from_bytes(&newer.to_bytes().unwrap()).unwrap_err().got, "version 3");
        // Even if the rest of what is about it has another form.
        let with_about = |about: &[u8]| {
            let header = header([1, 2, 2, 2], about.len());
            Snapshot::from_bytes(&[&(header.len() as u64).to_le_bytes(), header.as_bytes(), &[0; 16], about].concat())
        };
        assert_eq!(with_about(&[3]).unwrap_err().got, "version 3");
        let about = postcard::to_allocvec(&example().about).unwrap();
        assert!(with_about(&about).is_ok());
        assert_eq!(with_about(&[&about[..], &[0]].concat()).unwrap_err().got, "more than it says");
        assert_eq!(with_about(&about[..about.len() - 1]).unwrap_err().kind, Kind::Format);
        let longer = [&example().to_bytes().unwrap()[..], &[0]].concat();
        assert_eq!(Snapshot::from_bytes(&longer).unwrap_err().kind, Kind::Format);
    }

    #[test]
    fn a_pattern_for_another_number_of_tokens_is_refused() {
        let mut snapshot = example();
        snapshot.about.tokens.items.pop();
        let error = Snapshot::from_bytes(&snapshot.to_bytes().unwrap()).unwrap_err();
        assert!(error.got.contains("1 tokens"), "{error}");
    }
}
