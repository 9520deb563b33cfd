#!/usr/bin/env python3
"""A small Marian tokenizer.json made by docs/marian_tokenizer.py, with the ids that Transformers' MarianTokenizer gives.

usage: make_marian_tokenizer.py OUT_DIR
Writes marian.json and marian.expected.json.
needs: transformers 5.24.0, tokenizers 0.23.3, sentencepiece 0.2.3
"""
import io, json, pathlib, shutil, subprocess, sys, tempfile
import sentencepiece as spm
from transformers import MarianTokenizer

out = pathlib.Path(sys.argv[1])
SOURCE = ["The trophy did not fit in the bag because it was too big.", "one two three four five", "I love pizza"] * 8
TARGET = ["Die Trophäe passte nicht in die Tasche, weil sie zu groß war.", "eins zwei drei vier fünf"] * 8
TEXTS = ["", "The trophy did not fit", "  two  spaces ", "I love 🍕", "groß und Ärger", ">>deu<< one two", "ﬁt it\tis"]


def train(lines, rules):
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_writer=model, vocab_size=70, minloglevel=2,
                                   num_threads=1, hard_vocab_limit=False, normalization_rule_tsv=rules)
    return model.getvalue()


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    # A small map of characters; the published models have that of NFKC.
    rules = folder / "rules.tsv"
    rules.write_text("FB01\t66 69\n9\t20\n")
    vocabulary = {"</s>": 0, "<unk>": 1, ">>deu<<": 2}
    for language, lines in [("source", SOURCE), ("target", TARGET)]:
        model = train(lines, str(rules))
        (folder / f"{language}.spm").write_bytes(model)
        processor = spm.SentencePieceProcessor(model_proto=model)
        for i in range(3, processor.get_piece_size()):
            vocabulary.setdefault(processor.id_to_piece(i), len(vocabulary))
    vocabulary["<pad>"] = len(vocabulary)
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "tokenizer_config.json").write_text(json.dumps({"source_lang": "eng", "target_lang": "deu"}))
    slow = MarianTokenizer.from_pretrained(folder)
    subprocess.run([sys.executable, pathlib.Path(__file__).parents[2] / "docs/marian_tokenizer.py", folder], check=True)
    shutil.copy(folder / "tokenizer.json", out / "marian.json")
    cases = [dict(text=text, ids=slow(text)["input_ids"]) for text in TEXTS]
    (out / "marian.expected.json").write_text(json.dumps(cases, ensure_ascii=False) + "\n")
