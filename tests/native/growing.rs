//! A text that grows: what an earlier run recorded of its beginning is taken over, and nothing else changes.

use crate::common::{bytes, golden, input, text};
use attnscope::engine::{Earlier, Input, Intervention, Model, Trace};

const DECODERS: [&str; 18] = [
    "bloom",
    "gemma",
    "gemma2",
    "gemma3_text",
    "gpt2",
    "gpt_neo",
    "gpt_neox",
    "llama",
    "llama3_rope",
    "mistral",
    "olmo2",
    "opt",
    "phi",
    "qwen2",
    "qwen3",
    "smollm3",
    "bert",
    "t5",
];

fn model(family: &str) -> (Model, Input) {
    let folder = golden().join("families").join(family);
    let config = text(&folder.join("config.json"));
    (Model::load(&config, bytes(&folder.join("model.safetensors"))).unwrap(), input(&folder))
}

/// How many tokens are taken over of a run on other ids.
fn grown(model: &Model, from: &Input, to: &Input, before: &Intervention, now: &Intervention) -> usize {
    let earlier = model.run(from, before).unwrap();
    let earlier = Earlier { input: from, intervention: before, trace: &earlier };
    let pass = model.begin_after(to, now, Some(earlier)).unwrap();
    let kept = pass.prefix();
    same(&pass.finish().unwrap(), &model.run(to, now).unwrap());
    kept
}

/// Also where nothing is available, and of what blocks are about.
fn same(got: &Trace, want: &Trace) {
    let pairs = [
        (got.pattern.as_slice(), want.pattern.as_slice()),
        (got.qkv.as_slice(), want.qkv.as_slice()),
        (got.z.as_slice(), want.z.as_slice()),
        (got.last_hidden.as_slice(), want.last_hidden.as_slice()),
    ];
    for (got, want) in pairs.map(|(got, want)| (got.unwrap(), want.unwrap())) {
        assert_eq!(got.len(), want.len());
        let off = got.iter().zip(want).position(|(a, b)| !((a - b).abs() < 1e-5 || a.is_nan() && b.is_nan()));
        assert_eq!(off, None);
    }
    let blocks = |trace: &Trace| trace.blocks.iter().map(|b| (b.queries.clone(), b.keys.clone())).collect::<Vec<_>>();
    assert_eq!(blocks(got), blocks(want));
    assert_eq!(got.outputs, want.outputs);
}

fn part(input: &Input, length: usize) -> Input {
    Input::new(input.ids[..length].to_vec(), input.segments[..length].to_vec())
}

#[test]
fn models_that_read_forward_compute_what_is_new() {
    let plain = Intervention::default();
    for family in DECODERS {
        let (model, whole) = model(family);
        let (n, forward) = (whole.ids.len(), !matches!(family, "bert" | "t5"));
        if family == "t5" {
            // Two stacks: nothing is taken over, nothing is wrong.
            assert_eq!(grown(&model, &whole, &whole, &plain, &plain), 0, "{family}");
            continue;
        }
        let kept = |from: &Input, to: &Input| grown(&model, from, to, &plain, &plain);
        let count = |tokens: usize| if forward { tokens } else { 0 };
        assert_eq!(kept(&part(&whole, n - 3), &whole), count(n - 3), "{family}: three more");
        assert_eq!(kept(&whole, &whole), count(n - 1), "{family}: the same");
        assert_eq!(kept(&whole, &part(&whole, n - 2)), count(n - 3), "{family}: two less");
        let mut other = whole.clone();
        other.ids[n - 4] = (other.ids[n - 4] + 1) % 50;
        assert_eq!(kept(&other, &whole), count(n - 4), "{family}: another token");
        other.ids[0] = (other.ids[0] + 1) % 50;
        assert_eq!(kept(&other, &whole), 0, "{family}: another first token");
    }
}

#[test]
fn only_a_run_under_the_same_changes_counts() {
    let (gpt, text) = model("gpt2");
    let hot = Intervention { temperature: 2.0, ..Default::default() };
    let lost = Intervention { positions_off: true, ..Default::default() };
    let off = Intervention { heads_off: [attnscope::engine::HeadId::new(0, 1)].into(), ..Default::default() };
    for changed in [&hot, &lost, &off] {
        assert_eq!(grown(&gpt, &part(&text, 5), &text, changed, changed), 5);
        assert_eq!(grown(&gpt, &part(&text, 5), &text, &Intervention::default(), changed), 0);
    }
    // A model that reads both ways, made to read forward.
    let (bert, text) = model("bert");
    let causal = Intervention { causal: true, ..Default::default() };
    assert_eq!(grown(&bert, &part(&text, 5), &text, &causal, &causal), 5);
}
