//! The state of the worker between messages: the model, and one run in each [`Slot`]. Nothing here needs a browser.

mod pictures;
mod reading;

pub use reading::Reading;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use ndarray::{ArrayView, Dimension};

use super::maps::{Maps, cells};
use super::own;
use super::protocol::{
    MOST_CONTINUED, MOST_PREDICTIONS, MapsOf, ModelCard, Passage, Predicted, Reply, RunRequest, SEND_ALL_UP_TO, Slot,
};
use crate::analysis::{HeadSurvey, Quantity, Thumbnails, align, change, find_heads, moved, survey, thumbnails};
use crate::engine::{
    Files, HeadId, Imported, Input, Intervention, Opened, Shown, Tokens, Trace, continued, cosine, embedding,
    open_folder, predictions, probabilities, read_attention,
};
use crate::error::{Error, Kind, Result};

/// The most bytes of a run that is kept while the next one in its slot is computed.
const MOST_STAYING: usize = 64 << 20;

/// A model in memory, which several sessions can share.
pub struct Loaded {
    opened: Opened,
    card: ModelCard,
}

/// The model and the runs of one page.
#[derive(Default)]
pub struct Session {
    loaded: Option<Rc<Loaded>>,
    main: Option<Run>,
    other: Option<Run>,
}

/// A run that is kept.
struct Run {
    /// The id of the request for it.
    id: u32,
    /// The tokens as they are shown. The labels of heads depend on them.
    shown: Vec<Shown>,
    trace: Trace,
    /// The input, for further runs.
    input: Input,
    /// The changes in the model.
    altered: Intervention,
    /// The milliseconds of the forward pass.
    millis: f64,
    /// The measures and labels of every head, which are computed on the first request.
    surveyed: OnceCell<Vec<HeadSurvey>>,
}

impl Run {
    fn survey(&self) -> &[HeadSurvey] {
        self.surveyed.get_or_init(|| survey(self.trace.pattern.view(), &self.shown))
    }
}

/// A reply and the numbers of its buffers, in the order and with the shapes that [`Reply`] describes.
pub struct Answer<'a> {
    pub reply: Reply,
    pub numbers: Vec<Cow<'a, [f32]>>,
}

impl Loaded {
    /// Opens a model from its files.
    ///
    /// Errors: those of [`open_folder`].
    pub fn open(name: &str, licence: &str, files: Files) -> Result<Rc<Self>> {
        let bytes = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        Ok(Self::new(name, licence, bytes, open_folder(files)?))
    }

    /// A model whose files have `bytes` bytes. If `name` is empty, the name is the one in its file.
    pub fn new(name: &str, licence: &str, bytes: u64, opened: Opened) -> Rc<Self> {
        let Opened { name: own_name, model, tokenizer } = &opened;
        let card = ModelCard {
            name: if name.is_empty() { own::cut(own_name) } else { name.to_owned() },
            family: model.config.family.to_owned(),
            layers: model.config.layers,
            heads: model.config.heads,
            width: model.config.d_model,
            positions: tokenizer.positions(),
            parameters: model.parameters(),
            bytes,
            licence: licence.to_owned(),
            predicts: model.predicts(),
            architecture: model.config.architecture,
            note: tokenizer.note(),
        };
        Rc::new(Self { opened, card })
    }
}

impl Session {
    /// Replaces the model, and removes the runs of the one before.
    pub fn take(&mut self, loaded: Rc<Loaded>) -> ModelCard {
        let card = loaded.card.clone();
        *self = Self { loaded: Some(loaded), main: None, other: None };
        card
    }

    /// As [`crate::engine::Model::position_vectors`]. None without a model.
    pub fn position_vectors(&self, count: usize, width: usize) -> Option<Vec<f32>> {
        opened(&self.loaded).ok()?.model.position_vectors(count, width)
    }

    /// The text that the model, with the changes of a run, appends to the text of that run.
    ///
    /// Errors: `Kind::Input` if that run is not kept or `tokens` is out of range, and those of [`continued`].
    pub fn continued(&self, run: u32, tokens: usize) -> Result<Answer<'_>> {
        let kept = self.kept_run(run)?;
        let loaded = opened(&self.loaded)?;
        if !(1..=MOST_CONTINUED).contains(&tokens) {
            let expected = format!("1 to {MOST_CONTINUED}");
            return Err(Error::new(
                Kind::Input,
                "the tokens to write",
                expected,
                tokens.to_string(),
                "Ask for as many.",
            ));
        }
        has_vectors(&kept.trace)?;
        let text = continued(loaded, &kept.input, &kept.altered, tokens)?;
        Ok(Answer { reply: Reply::Continued { run, text }, numbers: Vec::new() })
    }

    /// Checks a request, tokenizes its texts, and removes the run before in the same slot, because three traces would
    /// take more memory than the two that are kept. A small run is kept until the new one is computed, because the new
    /// text may begin with the same tokens. The run has the id of the request.
    ///
    /// Errors: `Kind::Input` without a model or for a head it does not have, and those of
    /// [`Intervention::check`] and [`TextTokenizer::encode`].
    pub fn read(&mut self, id: u32, asked: RunRequest) -> Result<Reading> {
        let mut reading = Reading::new(here(&self.loaded)?.clone(), id, asked)?;
        reading.before = self.slot(reading.asked.keep).take().filter(|run| run.trace.bytes() <= MOST_STAYING);
        Ok(reading)
    }

    /// Keeps a run that is computed, and that took `millis` milliseconds.
    ///
    /// Errors: `Kind::Input` if another model has been loaded in the meantime.
    pub fn keep(&mut self, reading: Reading, trace: Trace, millis: f64) -> Result<Answer<'_>> {
        let Reading { loaded, id, asked, tokens, places, input, shown, before } = reading;
        drop(before);
        if !self.loaded.as_ref().is_some_and(|here| Rc::ptr_eq(here, &loaded)) {
            let (what, advice) = ("the model", "Run the text again.");
            return Err(Error::new(Kind::Input, what, "the one that the run began with", "another", advice));
        }
        let surveyed = OnceCell::new();
        let run = Run { id, shown, trace, input, altered: asked.intervention, millis, surveyed };
        let run = self.slot(asked.keep).insert(run);
        let (reply, mut numbers) = ran(run, tokens, places, asked.head);
        numbers.push(Cow::Owned(embedding(&run.trace)));
        Ok(Answer { reply, numbers })
    }

    fn slot(&mut self, slot: Slot) -> &mut Option<Run> {
        match slot {
            Slot::Main => &mut self.main,
            Slot::Other => &mut self.other,
        }
    }

    /// Computes a run without a pause. `clock` returns milliseconds.
    ///
    /// Errors: those of [`Self::read`] and [`Model::run`].
    pub fn run(&mut self, id: u32, asked: &RunRequest, clock: impl Fn() -> f64) -> Result<Answer<'_>> {
        let reading = self.read(id, asked.clone())?;
        let began = clock();
        let trace = reading.begin()?.finish()?;
        let millis = clock() - began;
        self.keep(reading, trace, millis)
    }

    /// Makes a run of attention that another program has computed, in place of the run on screen.
    ///
    /// Errors: those of [`read_attention`].
    pub fn import(&mut self, id: u32, bytes: Vec<u8>) -> Result<[Answer<'_>; 2]> {
        let Imported { model, text, tokens, trace } = read_attention(bytes)?;
        let shown = tokens.shown(&text, None);
        let (input, places) = (Input::of(&tokens, 0), (0..tokens.len()).collect());
        let run =
            Run { id, shown, trace, input, altered: Intervention::default(), millis: 0.0, surveyed: OnceCell::new() };
        let run = self.main.insert(run);
        let (reply, numbers) = ran(run, tokens, places, HeadId::default());
        let about = Answer { reply: Reply::Imported { model, text }, numbers: Vec::new() };
        Ok([about, Answer { reply, numbers }])
    }

    /// The similarity of the embeddings of two inputs, whose runs are not kept.
    ///
    /// Errors: as [`Self::run`].
    pub fn similar(&self, a: Passage, b: Passage) -> Result<Answer<'_>> {
        let loaded = opened(&self.loaded)?;
        let cosine = cosine(&embed(loaded, &a)?, &embed(loaded, &b)?);
        Ok(Answer { reply: Reply::Similar { a, b, cosine }, numbers: Vec::new() })
    }

    /// The time of one pass over `tokens` tokens, which repeat those of the main run. `clock` returns milliseconds.
    ///
    /// Errors: `Kind::Input` without a model or a main run, and those of [`Model::run`].
    pub fn time(&self, tokens: usize, clock: impl Fn() -> f64) -> Result<Answer<'_>> {
        let loaded = opened(&self.loaded)?;
        let Some(main) = &self.main else {
            let advice = "Run a text first.";
            return Err(Error::new(Kind::Input, "the tokens to time", "a main run that is kept", "none", advice));
        };
        has_vectors(&main.trace)?;
        // An input that is one token too long is enough for the model's error.
        let count = tokens.min(2 * loaded.model.config.max_positions + 1);
        let ids: Vec<u32> = main.input.ids.iter().copied().cycle().take(count).collect();
        let decoder = if main.input.decoder > 0 { count / 2 } else { 0 };
        let began = clock();
        let trace = loaded.model.run(&Input { ids, segments: vec![0; count], decoder }, &Intervention::default())?;
        let millis = clock() - began;
        Ok(Answer { reply: Reply::Timed { tokens, millis, bytes: trace.bytes() as u64 }, numbers: Vec::new() })
    }

    /// The map of one head.
    ///
    /// Errors: `Kind::Input` if a run is not kept or does not have the head, and for a difference without a second run.
    pub fn head(&self, of: MapsOf, head: HeadId) -> Result<Answer<'_>> {
        let maps = self.maps_of(of, head)?;
        let map = maps.of(head);
        let reply = Reply::Head { of, head, n: map.nrows() };
        Ok(Answer { reply, numbers: vec![cells(map)] })
    }

    /// The thumbnails of all heads for a quantity, and the whole maps of the heads that are sent for a run of this
    /// length.
    ///
    /// Errors: as for [`Self::head`], and `Kind::Input` for a quantity that heads share.
    pub fn maps(&self, of: MapsOf, head: HeadId) -> Result<Answer<'_>> {
        let maps = self.maps_of(of, head)?;
        if !of.quantity.is_of_heads() {
            let advice = "Ask for one head of the layer.";
            return Err(Error::new(Kind::Input, "the maps", "a quantity of single heads", "one of a layer", advice));
        }
        let (heads, n) = (maps.heads(), maps.trace.tokens());
        let all = n <= SEND_ALL_UP_TO;
        let mut thumbs = Thumbnails::new(heads.len(), n);
        let mut whole = Vec::with_capacity(if all { heads.len() * n * n } else { n * n });
        for &id in &heads {
            let map = maps.of(id);
            thumbs.add(map.view());
            if all || id == head {
                whole.extend(map.iter());
            }
        }
        let reply = Reply::Maps { of, sent: if all { heads } else { vec![head] }, n, side: thumbs.side };
        Ok(Answer { reply, numbers: vec![Cow::Owned(whole), Cow::Owned(thumbs.cells)] })
    }

    /// The common tokens of two runs, and the difference of each head.
    ///
    /// Errors: `Kind::Input` if one of them is not kept.
    pub fn compare(&self, run: u32, with: u32) -> Result<Answer<'_>> {
        let (ours, theirs) = (self.kept_run(run)?, self.kept_run(with)?);
        let aligned = align(&theirs.shown, &ours.shown);
        let changes = change(theirs.trace.pattern.view(), ours.trace.pattern.view(), &aligned);
        let aligned = aligned.into_iter().map(|(theirs, ours)| (ours, theirs)).collect();
        Ok(Answer { reply: Reply::Compared { run, with, aligned, changes }, numbers: Vec::new() })
    }

    /// The shift of every head from one key to another.
    ///
    /// Errors: `Kind::Input` if one of the runs is not kept or does not have one of the tokens.
    pub fn moved(&self, run: u32, with: u32, query: usize, [from, to]: [usize; 2]) -> Result<Answer<'_>> {
        let (ours, theirs) = (self.kept_run(run)?, self.kept_run(with)?);
        let aligned = align(&theirs.shown, &ours.shown);
        let place = |token: usize| {
            token_within(token, ours.shown.len())?;
            aligned.iter().copied().find(|&(_, ours)| ours == token).ok_or_else(|| {
                let got = format!("token {token}, which the other does not have");
                Error::new(Kind::Input, "the token", "one that both texts have", got, "Choose another token.")
            })
        };
        let places = (place(query)?, place(from)?, place(to)?);
        let patterns = (theirs.trace.pattern.view(), ours.trace.pattern.view());
        let heads = moved(patterns.0, patterns.1, places.0, places.1, places.2);
        Ok(Answer { reply: Reply::Moved { run, with, query, from, to, heads }, numbers: Vec::new() })
    }

    /// The `most` most likely tokens at a position.
    ///
    /// Errors: `Kind::Input` if the run is not kept or does not have the token, if `most` is out of range, and if the
    /// model has no language-model head.
    pub fn predict(&self, run: u32, with: Option<u32>, position: usize, most: usize) -> Result<Answer<'_>> {
        let kept = self.kept_run(run)?;
        let trace = &kept.trace;
        let with = with.map(|with| self.kept_run(with)).transpose()?;
        let loaded = opened(&self.loaded)?;
        token_within(position, trace.tokens())?;
        if !(1..=MOST_PREDICTIONS).contains(&most) {
            let expected = format!("1 to {MOST_PREDICTIONS}");
            return Err(Error::new(Kind::Input, "the predictions", expected, most.to_string(), "Ask for as many."));
        }
        let logits = |of: &Trace, position: usize| {
            let output = position.checked_sub(of.outputs.start).filter(|&output| output < of.outputs.len());
            output.and_then(|output| loaded.model.logits(of, output..output + 1)).map(|row| row.row(0).to_vec())
        };
        let found = logits(trace, position).ok_or_else(|| {
            let expected = "a model with a language-model head, and a token that it reads last";
            let advice = "Choose a model that predicts words, such as one saved as BertForMaskedLM.";
            Error::new(Kind::Input, "the predictions", expected, "one without", advice)
        })?;
        let found = predictions(&found, most);
        let before = with.and_then(|with| {
            let place = align(&with.shown, &kept.shown).into_iter().find(|(_, ours)| *ours == position)?;
            Some(probabilities(&logits(&with.trace, place.0)?))
        });
        let predictions = found.into_iter().map(|found| Predicted {
            // The matrix of a model can have more rows than its tokenizer has tokens.
            token: loaded.tokenizer.written(found.id).unwrap_or_else(|| format!("[{}]", found.id)),
            probability: found.probability,
            before: before.as_ref().map(|before| before[found.id as usize]),
        });
        let reply =
            Reply::Predicted { run, with: with.map(|with| with.id), position, predictions: predictions.collect() };
        Ok(Answer { reply, numbers: Vec::new() })
    }

    /// The measures and labels of every head.
    ///
    /// Errors: `Kind::Input` if that run is not kept.
    pub fn survey(&self, run: u32) -> Result<Answer<'_>> {
        let kept = self.kept_run(run)?;
        let heads = kept.survey().to_vec();
        Ok(Answer { reply: Reply::Surveyed { run, heads }, numbers: Vec::new() })
    }

    /// The heads in descending order of the weight from the queries to the keys.
    ///
    /// Errors: `Kind::Input` if the run is not kept or does not have a token, or without a query or key.
    pub fn find(&self, run: u32, queries: Vec<usize>, keys: Vec<usize>) -> Result<Answer<'_>> {
        let trace = self.kept(run)?;
        if queries.is_empty() || keys.is_empty() {
            let advice = "Choose a token that reads and one that is read.";
            return Err(Error::new(Kind::Input, "the tokens", "a query and a key", "none", advice));
        }
        queries.iter().chain(&keys).try_for_each(|&token| token_within(token, trace.tokens()))?;
        let found = find_heads(trace.pattern.view(), &queries, &keys);
        Ok(Answer { reply: Reply::Found { run, queries, keys, found }, numbers: Vec::new() })
    }

    fn maps_of(&self, of: MapsOf, head: HeadId) -> Result<Maps<'_>> {
        let kept = self.kept_run(of.run)?;
        within(head, kept.trace.layers(), kept.trace.heads())?;
        let model = opened(&self.loaded).ok().map(|loaded| &loaded.model);
        if matches!(of.quantity, Quantity::Score | Quantity::Norm) {
            has_vectors(&kept.trace)?;
        }
        if of.quantity == Quantity::Rollout && !kept.trace.is_one_stack() {
            let advice = "Show weights; rollout is of models with one stack of layers.";
            let got = "an encoder and a decoder";
            return Err(Error::new(Kind::Input, "rollout", "one stack of layers", got, advice));
        }
        let with = match of.with.map(|with| self.kept_run(with)).transpose()? {
            Some(with) => Some((&with.trace, align(&with.shown, &kept.shown))),
            None if of.quantity == Quantity::Difference => {
                let advice = "Choose what to compare with.";
                return Err(Error::new(Kind::Input, "a difference", "two runs", "one", advice));
            }
            None => None,
        };
        Ok(Maps { trace: &kept.trace, model, quantity: of.quantity, with })
    }

    fn kept(&self, run: u32) -> Result<&Trace> {
        self.kept_run(run).map(|kept| &kept.trace)
    }

    fn kept_run(&self, run: u32) -> Result<&Run> {
        let kept = || self.main.iter().chain(&self.other);
        kept().find(|kept| kept.id == run).ok_or_else(|| {
            let ids: Vec<String> = kept().map(|kept| kept.id.to_string()).collect();
            let got = if ids.is_empty() { "none is kept".to_owned() } else { format!("kept: {}", ids.join(", ")) };
            Error::new(Kind::Input, "the run asked about", format!("run {run}"), got, "Run the text again.")
        })
    }
}

/// The reply about a run with its buffers: the patterns of all heads or of the head on screen, and the thumbnails.
fn ran(run: &Run, tokens: Tokens, places: Vec<usize>, head: HeadId) -> (Reply, Vec<Cow<'_, [f32]>>) {
    let trace = &run.trace;
    let (layers, heads, millis) = (trace.layers(), trace.heads(), run.millis);
    let (sent, patterns) = if trace.tokens() <= SEND_ALL_UP_TO {
        (HeadId::all(layers, heads).collect(), row_major(trace.pattern.view()))
    } else {
        (vec![head], row_major(trace.head(head)))
    };
    let (thumbs, side) = thumbnails(trace.pattern.view());
    let reply = Reply::Ran { tokens, places, layers, computed: layers, heads, sent, side, millis };
    (reply, vec![patterns, Cow::Owned(thumbs)])
}

fn embed(loaded: &Opened, Passage { text, pair, intervention }: &Passage) -> Result<Vec<f32>> {
    let (_, _, input) = reading::read(loaded, text, pair.as_deref(), intervention)?;
    Ok(embedding(&loaded.model.run(&input, intervention)?))
}

/// Checks that queries, keys and values are known.
///
/// Errors: `Kind::Input` for a run that another program has computed, of which only the weights are known.
fn has_vectors(trace: &Trace) -> Result<()> {
    if trace.has_vectors() {
        return Ok(());
    }
    let advice = "Show weights; or type, to run the model of this page.";
    let got = "weights alone, computed elsewhere";
    Err(Error::new(Kind::Input, "the run", "queries, keys and values", got, advice))
}

fn here(loaded: &Option<Rc<Loaded>>) -> Result<&Rc<Loaded>> {
    let none = || Error::new(Kind::Input, "the model", "one that is loaded", "none yet", "Load a model first.");
    loaded.as_ref().ok_or_else(none)
}

fn opened(loaded: &Option<Rc<Loaded>>) -> Result<&Opened> {
    here(loaded).map(|loaded| &loaded.opened)
}

fn token_within(token: usize, n: usize) -> Result<()> {
    if token < n {
        return Ok(());
    }
    let expected = format!("one of {n} tokens, counted from 0");
    Err(Error::new(Kind::Input, "the token", expected, token.to_string(), "Choose a token of this run."))
}

fn within(head: HeadId, layers: usize, heads: usize) -> Result<()> {
    if head.layer < layers && head.head < heads {
        return Ok(());
    }
    let expected = format!("one of {layers} layers and {heads} heads, both counted from 0");
    Err(Error::new(Kind::Input, "the head", expected, head.to_string(), "Choose a head that this model has."))
}

/// The numbers in row-major order: borrowed if they are stored so, as the engine's are, otherwise copied.
fn row_major<D: Dimension>(view: ArrayView<'_, f32, D>) -> Cow<'_, [f32]> {
    match view.to_slice() {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(view.iter().copied().collect()),
    }
}

#[cfg(test)]
mod tests;
