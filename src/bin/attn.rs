//! The command line: the engine without a browser.

/// Browsers have the page; `cargo test` for wasm builds every binary all the same.
#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    native::main()
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::path::{Path, PathBuf};
    use std::process::ExitCode;

    use attnscope::analysis::{find_token, row_table};
    use attnscope::engine::{
        Files, HeadId, Input, Intervention, Model, Opened, Tokens, is_weights, needed, open_folder, open_model,
        read_input, read_text, tokens_json, understood, write_trace,
    };
    use attnscope::state::{Snapshot, ViewState};
    use attnscope::text::line_feeds;
    use attnscope::{Error, Kind, Result};
    use clap::{Args, Parser, Subcommand};

    /// See what every head of a transformer attends to.
    #[derive(Parser)]
    #[command(version)]
    struct Cli {
        #[command(subcommand)]
        command: Command,
    }

    #[derive(Subcommand)]
    enum Command {
        /// Run a model and write every attention weight as a safetensors file.
        Trace {
            /// Folder with config.json, model.safetensors or its shards, and tokenizer.json; or a GGUF file.
            #[arg(long)]
            model: PathBuf,
            #[arg(long, required_unless_present = "input", value_parser = read_argument)]
            text: Option<String>,
            /// A second text; of an encoder-decoder, what the decoder has written.
            #[arg(long, requires = "text", value_parser = read_argument)]
            pair: Option<String>,
            /// A JSON file with input_ids instead of a text.
            #[arg(long, conflicts_with = "text")]
            input: Option<PathBuf>,
            /// File to write: attention.0, attention.1, ..., last_hidden_state, logits.
            #[arg(long)]
            out: PathBuf,
            /// Leave logits out: neither computed nor written. With a large vocabulary they are most of the file.
            #[arg(long)]
            no_logits: bool,
            /// Print ids, tokens, offsets in characters and segments.
            #[arg(long, requires = "text")]
            json: bool,
            #[command(flatten)]
            changes: Changes,
        },
        /// Print what one token reads from in one head.
        Show {
            /// Folder with config.json, model.safetensors and tokenizer.json; or a GGUF file. Without it, the built-in
            /// model is looked for.
            #[arg(long)]
            model: Option<PathBuf>,
            #[command(flatten)]
            texts: Texts,
            /// Counted from 0.
            #[arg(long)]
            layer: usize,
            /// Counted from 0.
            #[arg(long)]
            head: usize,
            /// A token's characters, or its index from 0.
            #[arg(long)]
            token: String,
            #[command(flatten)]
            changes: Changes,
        },
        /// Save a whole run as a small file that the page draws without the model.
        Snapshot {
            /// Folder with config.json, model.safetensors and tokenizer.json; or a GGUF file. Without it, the built-in
            /// model is looked for.
            #[arg(long)]
            model: Option<PathBuf>,
            #[command(flatten)]
            texts: Texts,
            /// The head to show first, counted from 0.
            #[arg(long, default_value_t = 0)]
            layer: usize,
            #[arg(long, default_value_t = 0)]
            head: usize,
            /// The token to choose: its characters, or its index from 0.
            #[arg(long)]
            token: Option<String>,
            /// File to write.
            #[arg(long)]
            out: PathBuf,
            #[command(flatten)]
            changes: Changes,
        },
    }

    #[derive(Args)]
    struct Texts {
        #[arg(long, value_parser = read_argument)]
        text: String,
        /// A second text.
        #[arg(long, value_parser = read_argument)]
        pair: Option<String>,
    }

    /// A text as the page's field would have it.
    fn read_argument(text: &str) -> std::result::Result<String, std::convert::Infallible> {
        Ok(line_feeds(text))
    }

    /// Changes to the model, for this run.
    #[derive(Args)]
    struct Changes {
        /// Switch a head off; may be given several times.
        #[arg(long, value_name = "L3H1")]
        off: Vec<HeadId>,
        /// Leave position embeddings out.
        #[arg(long)]
        no_positions: bool,
        /// Divide the scores by this before the softmax.
        #[arg(long, default_value_t = 1.0)]
        temperature: f32,
        /// Let each token read only itself and what stands before it; other weights become NaN.
        #[arg(long)]
        causal: bool,
    }

    impl Changes {
        fn intervention(self) -> Intervention {
            let Self { off, no_positions: positions_off, temperature, causal } = self;
            Intervention { heads_off: off.into_iter().collect(), positions_off, shuffle: None, temperature, causal }
        }
    }

    pub fn main() -> ExitCode {
        match run(Cli::parse().command) {
            Ok(()) => ExitCode::SUCCESS,
            Err(fault) => {
                eprintln!("{fault}");
                ExitCode::FAILURE
            }
        }
    }

    fn run(command: Command) -> Result<()> {
        match command {
            Command::Trace { model: folder, text, pair, input, out, no_logits, json, changes } => {
                let changes = changes.intervention();
                let (model, input) = match (text, input) {
                    (Some(text), _) => {
                        let opened = load(&folder)?;
                        let (tokens, input) = encode(&opened, &Texts { text, pair })?;
                        if json {
                            println!("{}", tokens_json(&tokens));
                        }
                        (opened.model, input)
                    }
                    (None, input) => {
                        let input = text_file(&input.expect("clap asks for a text or an input"))?;
                        (load_model(&folder)?, read_input(&input)?)
                    }
                };
                let trace = model.run(&input, &changes)?;
                write_trace(&model, &trace, !no_logits, &out).map_err(|fault| unusable(&out, WRITABLE, &fault))
            }
            Command::Snapshot { model, texts, layer, head, token, out, changes } => {
                let Texts { text, pair } = texts;
                let altered = changes.intervention();
                let view = ViewState { text, pair, layer, head, tokens: vec![], altered, ..ViewState::default() };
                write(&out, &snapshot(&model_or_built_in(model)?, view, token.as_deref())?)
            }
            Command::Show { model, texts, layer, head, token, changes } => {
                let opened = load(&model_or_built_in(model)?)?;
                let (tokens, input) = encode(&opened, &texts)?;
                let shown = tokens.shown(&texts.text, texts.pair.as_deref());
                let query = find_token(&shown, &token)?;
                let trace = opened.model.run(&input, &changes.intervention())?;
                print!("{}", row_table(&trace, &shown, HeadId::new(layer, head), query)?);
                Ok(())
            }
        }
    }

    /// Where the repository has the built-in model.
    const BUILT_IN: &str = "assets/models/all-minilm-l6-v2";
    const WRITABLE: &str = "a file that can be written";

    /// The folder that was named, or that of the built-in model: in the current folder or one above it, in one above the
    /// program, or in the source code that the program was built from.
    fn model_or_built_in(named: Option<PathBuf>) -> Result<PathBuf> {
        if let Some(named) = named {
            return Ok(named);
        }
        let current = std::env::current_dir().unwrap_or_default();
        let program = std::env::current_exe().and_then(std::fs::canonicalize).unwrap_or_default();
        let source = Path::new(env!("CARGO_MANIFEST_DIR"));
        let places = current.ancestors().chain(program.ancestors().skip(1)).chain([source]);
        places.map(|place| place.join(BUILT_IN)).find(|folder| folder.join("config.json").is_file()).ok_or_else(|| {
            let got = format!("none above {} or {}", current.display(), program.display());
            let advice = "Name a model's folder with --model.";
            Error::new(Kind::Input, "the built-in model", format!("the folder {BUILT_IN}"), got, advice)
        })
    }

    /// Named after the model's folder.
    fn snapshot(folder: &Path, mut view: ViewState, token: Option<&str>) -> Result<Vec<u8>> {
        let opened = load(folder)?;
        let model = &opened.model;
        view.check_heads(model.config.layers, model.config.heads)?;
        let (tokens, input) = encode(&opened, &Texts { text: view.text.clone(), pair: view.pair.clone() })?;
        if let Some(token) = token {
            view.tokens = vec![find_token(&tokens.shown(&view.text, view.pair.as_deref()), token)?];
        }
        let trace = model.run(&input, &view.altered)?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        Snapshot::new(&name, &view, tokens, trace.pattern).to_bytes()
    }

    /// A folder with a model's files, or a GGUF file, or one of the parts that such a file was split into.
    fn load(path: &Path) -> Result<Opened> {
        open_folder(files(path, needed)?)
    }

    /// As [`load`], where no tokenizer is needed.
    fn load_model(path: &Path) -> Result<Model> {
        open_model(files(path, |names, chosen| match chosen {
            Some(_) => needed(names, chosen),
            None => Ok(names.iter().filter(|name| is_weights(name) || *name == "config.json").cloned().collect()),
        })?)
    }

    /// The files that `choose` takes, of a folder or, where one file is named, of those beside it.
    fn files(path: &Path, choose: impl Fn(&[String], Option<&str>) -> Result<Vec<String>>) -> Result<Files> {
        let is_file = path.is_file();
        let folder = if is_file {
            path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
        } else {
            path
        };
        let own = names(folder)?;
        // A file that is named is meant, whatever it is called.
        let chosen = path.file_name().filter(|_| is_file).map(|name| name.to_string_lossy().into_owned());
        let known = if is_file { own.clone() } else { understood(&own) };
        let place = |name: &String| {
            known.iter().position(|known| known == name).map_or(path.to_path_buf(), |at| folder.join(&own[at]))
        };
        let names = choose(&known, chosen.as_deref())?;
        names.into_iter().map(|name| Ok((name.clone(), bytes(&place(&name))?))).collect()
    }

    fn names(path: &Path) -> Result<Vec<String>> {
        let unreadable = |fault| unusable(path, "a folder with a model's files, or a GGUF file", &fault);
        let entries = std::fs::read_dir(path).map_err(unreadable)?.collect::<std::io::Result<Vec<_>>>();
        Ok(entries.map_err(unreadable)?.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
    }

    fn encode(opened: &Opened, texts: &Texts) -> Result<(Tokens, Input)> {
        let Opened { model, tokenizer, .. } = opened;
        let (tokens, decoder) = read_text(tokenizer, model.config.architecture, &texts.text, texts.pair.as_deref())?;
        for cut in &tokens.cuts {
            let which = if cut.sequence == 0 { "--text" } else { "--pair" };
            eprintln!("{which} was read up to character {} of {}.", cut.from_char, cut.of_chars);
        }
        let input = Input::of(&tokens, decoder);
        Ok((tokens, input))
    }

    fn text_file(path: &Path) -> Result<String> {
        std::fs::read_to_string(path).map_err(|fault| unusable(path, "a text file that can be read", &fault))
    }

    fn bytes(path: &Path) -> Result<Vec<u8>> {
        std::fs::read(path).map_err(|fault| unusable(path, "a file that can be read", &fault))
    }

    fn write(path: &Path, bytes: &[u8]) -> Result<()> {
        std::fs::write(path, bytes).map_err(|fault| unusable(path, WRITABLE, &fault))
    }

    fn unusable(path: &Path, expected: &str, fault: &impl std::fmt::Display) -> Error {
        Error::new(Kind::Input, path.display().to_string(), expected, fault.to_string(), "Check the path.")
    }
}
