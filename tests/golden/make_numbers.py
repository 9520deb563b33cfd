#!/usr/bin/env python3
"""Train the small T5 that comes with the page, from English number words to German ones, and write what Hugging Face
Transformers computes with it.

  two hundred twenty-three -> zweihundertdreiundzwanzig    (also with `and`, as the British say it)

German says the ones before the tens, so what the decoder reads of the encoder crosses. Numbers are 0 to 999,999; some
are held out of training, and the share of them that is translated without a fault is printed. Nothing but the words
to write is taught: where attention looks is what training made of it.

usage: make_numbers.py MODEL_DIR GOLDEN_DIR
MODEL_DIR gets config.json, tokenizer.json, model.safetensors (float16) and manifest.json; GOLDEN_DIR gets input.json
and expected.safetensors as make_reference.py writes them, computed in float32 with the float16 weights, and
held_out.json, some of the numbers that were held out.
needs: torch, transformers, tokenizers, safetensors; about two minutes of one core
"""
import hashlib, json, pathlib, random, sys
import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
import transformers as T

SHOWN = 223
SEED, STEPS, BATCH, RATE = 2, 1500, 128, 2e-3
PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"  # with the ids that T5 gives them

ENGLISH = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
           "seventeen eighteen nineteen").split()
ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
GERMAN = ("null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
          "siebzehn achtzehn neunzehn").split()
GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


def english(n, link=[]):
    """As the tokenizer parts it; a word begins with ▁, as in T5. `link` is what the British say before tens and ones."""
    if n >= 1000:
        rest = english(n % 1000, link) if n % 1000 else []
        return [*english(n // 1000, link), "▁thousand", *(link if 0 < n % 1000 < 100 else []), *rest]
    if n >= 100:
        return [*english(n // 100), "▁hundred", *([*link, *english(n % 100)] if n % 100 else [])]
    if n >= 20:
        return ["▁" + ENGLISH_TENS[n // 10 - 2], *(["-", ENGLISH[n % 10]] if n % 10 else [])]
    return ["▁" + ENGLISH[n]]


def british(n):
    return english(n, ["▁and"])


def german_parts(n):
    if n >= 1000:
        return [*german_parts(n // 1000), "tausend", *(german_parts(n % 1000) if n % 1000 else [])]
    if n >= 100:
        return [*german_parts(n // 100), "hundert", *(german_parts(n % 100) if n % 100 else [])]
    if n >= 20:
        return [*([GERMAN[n % 10], "und"] if n % 10 else []), GERMAN_TENS[n // 10 - 2]]
    return [GERMAN[n]]


def german(n):
    """All one word, in which a 1 is `eins` only at the end."""
    parts = german_parts(n)
    if parts[-1] == "ein":
        parts[-1] = "eins"
    return ["▁" + parts[0]] + parts[1:]


def text(pieces):
    return "".join(pieces).replace("▁", " ").strip()


def make_tokenizer():
    """Unigram between spaces, as T5's; all pieces are as likely, so the fewest are taken."""
    # Every piece is at every place that it can have in these.
    numbers = [*range(1000), *range(1000, 1_000_000, 999)]
    pieces = list(dict.fromkeys(piece for words in (english, british, german) for n in numbers for piece in words(n)))
    vocabulary = [(PAD, 0.0), (END, 0.0), (UNKNOWN, 0.0)] + [(piece, -1.0) for piece in pieces]
    tokenizer = Tokenizer(models.Unigram(vocabulary, 2, False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Lowercase(), normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in (PAD, END, UNKNOWN)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"$A {END}", pair=f"$A {END} $B {END}", special_tokens=[(END, 1)])
    tokenizer.decoder = decoders.Metaspace()
    for n in range(0, 1_000_000, 7):
        for pieces in (english(n), british(n), german(n)):
            assert tokenizer.encode(text(pieces)).tokens == pieces + [END], text(pieces)
            assert tokenizer.decode([tokenizer.token_to_id(piece) for piece in pieces]) == text(pieces)
    return tokenizer


def is_held_out(n):
    return n == SHOWN or n >= 100 and random.Random(n).random() < 0.02


def draw(rng):
    """Short numbers and round ones more often than they are among all: readers like them."""
    return int("".join(rng.choice("00000123456789") for _ in range(rng.randint(1, 6))))


def batch(numbers, ids, words=english):
    """Encoder ids, their mask, and the ids to write with -100 where there are none."""
    sources = [[ids[piece] for piece in words(n)] + [ids[END]] for n in numbers]
    targets = [[ids[piece] for piece in german(n)] + [ids[END]] for n in numbers]
    padded = lambda rows, filler: torch.tensor([row + [filler] * (max(map(len, rows)) - len(row)) for row in rows])
    source = padded(sources, ids[PAD])
    return dict(input_ids=source, attention_mask=(source != ids[PAD]).long(), labels=padded(targets, -100))


def make_model(vocabulary):
    """With one layer to read from the encoder in, and dropout, a head keeps to the word that it needs."""
    model = T.T5ForConditionalGeneration(T.T5Config(
        vocab_size=vocabulary, d_model=64, d_kv=16, num_heads=4, d_ff=128, num_layers=2, num_decoder_layers=1,
        n_positions=64, relative_attention_num_buckets=16, relative_attention_max_distance=32, dropout_rate=0.1,
        pad_token_id=0, eos_token_id=1, decoder_start_token_id=0))
    model.set_attn_implementation("eager")
    return model


def train(model, ids):
    rng = random.Random(SEED)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = T.get_cosine_schedule_with_warmup(optimizer, STEPS // 20, STEPS)
    model.train()
    for step in range(STEPS):
        drawn = (draw(rng) for _ in iter(int, 1))
        taught = (n for n in drawn if not is_held_out(n))
        some = [next(taught) for _ in range(BATCH)]
        # One in four is British.
        loss = model(**batch(some, ids, lambda n: british(n) if rng.random() < 0.25 else english(n))).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        if step % 250 == 0 or step == STEPS - 1:
            print(f"step {step:5d}  loss {loss.item():.4f}", flush=True)


def wrong(model, ids, numbers, words=english):
    """Those that the likeliest token each time does not translate."""
    pieces = {id: piece for piece, id in ids.items()}
    faults = []
    for at in range(0, len(numbers), 500):
        some = numbers[at:at + 500]
        given = batch(some, ids, words)
        del given["labels"]
        made = model.generate(**given, max_new_tokens=16, num_beams=1, do_sample=False)
        for n, row in zip(some, made.tolist()):
            written = [pieces[id] for id in row[1:]]
            if written[:written.index(END) if END in written else None] != german(n):
                faults.append(n)
    return faults


def write_golden(model, ids, held_out, out):
    shown = batch([SHOWN], ids)
    target = torch.cat([torch.tensor([[ids[PAD]]]), shown["labels"][:, :-1]], 1)
    with torch.no_grad():
        o = model(input_ids=shown["input_ids"], decoder_input_ids=target, output_attentions=True,
                  output_hidden_states=True, use_cache=False)
    kinds = [("attention", o.encoder_attentions), ("decoder_attention", o.decoder_attentions),
             ("cross_attention", o.cross_attentions)]
    golden = {f"{kind}.{l}": a[0].contiguous() for kind, layers in kinds for l, a in enumerate(layers)}
    golden |= {"last_hidden_state": o.decoder_hidden_states[-1][0], "logits": o.logits[0]}
    out.mkdir(parents=True, exist_ok=True)
    save_file(golden, out / "expected.safetensors")
    given = dict(input_ids=shown["input_ids"][0].tolist(), decoder_input_ids=target[0].tolist())
    (out / "input.json").write_text(json.dumps(given) + "\n")
    (out / "held_out.json").write_text(json.dumps(held_out) + "\n")


def write_manifest(folder):
    entry = lambda path, file: dict(path=path, bytes=len(file), sha256=hashlib.sha256(file).hexdigest())
    names = ["config.json", "tokenizer.json", "model.safetensors"]
    files = [entry(name, (folder / name).read_bytes()) for name in names]
    lines = ",\n".join("    " + json.dumps(file).replace("{", "{ ").replace("}", " }") for file in files)
    (folder / "manifest.json").write_text(
        f'{{\n  "name": "numbers",\n  "licence": "Apache-2.0",\n  "files": [\n{lines}\n  ]\n}}\n')


def main(folder, golden):
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    tokenizer = make_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    ids = tokenizer.get_vocab()
    model = make_model(len(ids))
    train(model, ids)
    model.half().save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    write_manifest(folder)

    model = T.T5ForConditionalGeneration.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32)
    model.eval()
    held_out = [n for n in range(100, 1_000_000) if is_held_out(n)]
    random.Random(SEED).shuffle(held_out)
    some = held_out[:5000]
    for what, numbers, words in [("held out", some, english), ("held out, British", some, british),
                                 ("below 1000", list(range(1000)), english),
                                 ("thousands", list(range(0, 1_000_000, 1000)), english)]:
        faults = wrong(model, ids, numbers, words)
        print(f"{what}: {1 - len(faults) / len(numbers):.2%} of {len(numbers)} exact; not", *faults[:10])
    write_golden(model, ids, [SHOWN] + held_out[:23], golden)


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:3]))
