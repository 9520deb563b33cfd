#!/usr/bin/env python3
"""What Transformers makes of a tokenizer.json and a tokenizer_config.json that contradict each other.

usage: make_tokenizer_settings.py OUT.json
Cases of a file of tests/golden/tokenizers, what is changed in it, the model's type, the settings, and the ids of texts.
needs: transformers 5.24.0 (tokenizers 0.23.3); 4.57.6 gives the same ids
"""
import json, pathlib, sys, tempfile
from transformers import AutoTokenizer

here = pathlib.Path(__file__).parent / "tokenizers"
TEXTS = {"bert": ["The Trophy", "naïve CAFÉ", "日本 text", "a b"], "gpt2": ["The trophy", " two  spaces", "it's 12"],
         "roberta": ["The trophy", " two  spaces", "I love <mask> a"]}
BERT = "BertTokenizer"
CASED = {"/normalizer/lowercase": False}
PREFIX = {"/pre_tokenizer/add_prefix_space": True}
# File, changes, model type, settings.
CASES = [
    ("bert", {}, "bert", {"tokenizer_class": BERT, "do_lower_case": False}),
    ("bert", CASED, "bert", {"tokenizer_class": BERT, "do_lower_case": True}),
    ("bert", CASED, "bert", {"tokenizer_class": "BertTokenizerFast"}),
    ("bert", CASED, "distilbert", {}),
    ("bert", {}, "electra", {"do_lower_case": False}),
    ("bert", {}, "bert", {"tokenizer_class": BERT, "strip_accents": False}),
    ("bert", {"/normalizer/strip_accents": False}, "bert", {"tokenizer_class": BERT}),
    ("bert", {}, "bert", {"tokenizer_class": BERT, "tokenize_chinese_chars": False}),
    ("bert", {}, "llama", {"tokenizer_class": BERT, "do_lower_case": False}),
    ("bert", {}, "bert", {"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": False}),
    ("gpt2", {}, "gpt2", {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": True}),
    ("gpt2", PREFIX, "gpt2", {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": False}),
    ("gpt2", PREFIX, "gpt2", {"tokenizer_class": "GPT2TokenizerFast"}),
    ("gpt2", PREFIX, "gpt2", {}),
    ("roberta", {}, "roberta", {"tokenizer_class": "RobertaTokenizer", "add_prefix_space": True}),
    ("roberta", PREFIX, "roberta", {"tokenizer_class": "RobertaTokenizer"}),
]


def ids(file, changes, model_type, settings):
    tokenizer = json.loads((here / f"{file}.json").read_text())
    for pointer, value in changes.items():
        _, part, field = pointer.split("/")
        tokenizer[part][field] = value
    with tempfile.TemporaryDirectory() as folder:
        for name, content in [("tokenizer.json", tokenizer), ("config.json", {"model_type": model_type}),
                              ("tokenizer_config.json", settings)]:
            (pathlib.Path(folder) / name).write_text(json.dumps(content))
        loaded = AutoTokenizer.from_pretrained(folder)
        return [loaded(text)["input_ids"] for text in TEXTS[file]]


lines = [json.dumps(dict(file=f, changes=c, model_type=m, settings=s, texts=TEXTS[f], ids=ids(f, c, m, s)), ensure_ascii=False)
         for f, c, m, s in CASES]
pathlib.Path(sys.argv[1]).write_text("[" + ",\n".join(lines) + "]\n")
