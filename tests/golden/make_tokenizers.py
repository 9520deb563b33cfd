#!/usr/bin/env python3
"""Small tokenizers of every kind with what Hugging Face's library (or SentencePiece itself) makes of some texts.

usage: make_tokenizers.py OUT_DIR
Per kind: NAME.json, the tokenizer, and NAME.expected.json, per text its ids, tokens and offsets in characters.
Beside them gpt2.vocab.json and gpt2.merges.txt, vocab.txt, and sentencepiece.gguf and unigram.gguf.
needs: tokenizers 0.23, sentencepiece 0.2, gguf 0.17 or newer
"""
import io, json, pathlib, sys
import numpy as np
import sentencepiece as spm
from gguf import GGUFWriter
from sentencepiece import sentencepiece_model_pb2 as pb
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

out = pathlib.Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
CORPUS = ["The trophy did not fit in the bag because it was too big.", "I love pizza and naïve cafés 🍕🍕",
          "def add(a, b):\n    return a + b", "one two three four five one two three four five", "日本語 and 中文 text",
          "Mary gave John 1234 books in 2023; it's what they've read."] * 4
TEXTS = ["", " ", "The trophy did not fit", "  two  spaces ", "I love 🍕 and naïve cafés", "def add(a, b):\n    return a",
         "it's 12345, they've", "日本 注 ﬁ Ａ", "👩‍👩‍👧‍👦", "<s> a<mask>b</s>", "tab\there\r\n", "e\u0301 é"]
LLAMA_3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"


def expected(name, tokenizer):
    (out / f"{name}.json").write_text(tokenizer.to_str() + "\n")
    cases = []
    for text in TEXTS:
        e = tokenizer.encode(text)
        cases.append(dict(text=text, ids=e.ids, tokens=[tokenizer.id_to_token(i) for i in e.ids], offsets=e.offsets))
    (out / f"{name}.expected.json").write_text(json.dumps(cases, ensure_ascii=False) + "\n")


def byte_level(name, pre_tokenizer, post, special, **model):
    tokenizer = Tokenizer(models.BPE(**model))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=380, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    if post:
        tokenizer.post_processor = post(tokenizer)
    tokenizer.decoder = decoders.ByteLevel()
    expected(name, tokenizer)
    return tokenizer


bytes_ = pre_tokenizers.ByteLevel
gpt2 = byte_level("gpt2", bytes_(add_prefix_space=False), None, ["<|endoftext|>"])
roberta = byte_level(
    "roberta", bytes_(add_prefix_space=False), lambda t: processors.RobertaProcessing(
        ("</s>", t.token_to_id("</s>")), ("<s>", t.token_to_id("<s>")), trim_offsets=True, add_prefix_space=False),
    ["<s>", "<pad>", "</s>", "<unk>", AddedToken("<mask>", lstrip=True, special=True)])
smollm = byte_level("smollm", pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), bytes_(add_prefix_space=False)]),
                    None, ["<|endoftext|>", "<s>"])
llama3 = byte_level(
    "llama3", pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA_3), "isolated"), bytes_(add_prefix_space=False, use_regex=False)]),
    lambda t: processors.Sequence([processors.ByteLevel(trim_offsets=False), processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", t.token_to_id("<s>"))])]),
    ["<s>", "</s>"], ignore_merges=True)
for name, tokenizer in [("gpt2", gpt2), ("roberta", roberta)]:
    model = json.loads(tokenizer.to_str())["model"]
    (out / f"{name}.vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False) + "\n")
    (out / f"{name}.merges.txt").write_text("\n".join(["#version: 0.2"] + [" ".join(m) for m in model["merges"]]) + "\n")

bert = Tokenizer(models.WordPiece(unk_token="[UNK]"))
bert.normalizer = normalizers.BertNormalizer(lowercase=True)
bert.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
bert.train_from_iterator(CORPUS, trainers.WordPieceTrainer(
    vocab_size=200, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
bert.post_processor = processors.TemplateProcessing(
    single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
expected("bert", bert)
vocab = bert.get_vocab()
(out / "vocab.txt").write_text("".join(f"{t}\n" for t in sorted(vocab, key=vocab.get)))


def trained(kind, **more):
    model = io.BytesIO()
    spm.SentencePieceTrainer.train(sentence_iterator=iter(CORPUS), model_writer=model, model_type=kind,
                                   minloglevel=2, num_threads=1, **more)
    proto = pb.ModelProto.FromString(model.getvalue())
    return proto, spm.SentencePieceProcessor(model_proto=model.getvalue())


def write_gguf(name, architecture, kind, proto, **flags):
    writer = GGUFWriter(out / f"{name}.gguf", architecture)
    writer.add_tokenizer_model(kind)
    writer.add_token_list([p.piece for p in proto.pieces])
    writer.add_token_scores([p.score for p in proto.pieces])
    writer.add_token_types([p.type for p in proto.pieces])
    writer.add_unk_token_id(proto.trainer_spec.unk_id)
    writer.add_bos_token_id(proto.trainer_spec.bos_id)
    writer.add_eos_token_id(proto.trainer_spec.eos_id)
    writer.add_add_space_prefix(proto.normalizer_spec.add_dummy_prefix)
    if proto.normalizer_spec.precompiled_charsmap:
        writer.add_precompiled_charsmap(proto.normalizer_spec.precompiled_charsmap)
    for flag, on in flags.items():
        writer.add_bool(f"tokenizer.ggml.{flag}", on)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# SentencePiece's byte pairs, as Llama has them; SentencePiece itself says what is expected.
proto, processor = trained("bpe", vocab_size=460, byte_fallback=True, normalization_rule_name="identity",
                           remove_extra_whitespaces=False, split_digits=True, allow_whitespace_only_pieces=True)
write_gguf("sentencepiece", "llama", "llama", proto)
cases = [dict(text=t, ids=[proto.trainer_spec.bos_id] + processor.encode(t)) for t in TEXTS if "<" not in t]
(out / "sentencepiece.expected.json").write_text(json.dumps(cases, ensure_ascii=False) + "\n")

# Unigrams with a small map of characters, as T5 and XLM-RoBERTa have them.
rules = out / "rules.tsv"
rules.write_text("FB01\t66 69\nFF21\t41\n65 301\tE9\nD\t20\nA\t20\n9\t20\n200D\t\n")
proto, processor = trained("unigram", vocab_size=150, normalization_rule_tsv=str(rules), hard_vocab_limit=False)
rules.unlink()
write_gguf("unigram", "t5", "t5", proto)
import base64
charsmap = base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()
unigram = Tokenizer(models.Unigram([(p.piece, p.score) for p in proto.pieces], proto.trainer_spec.unk_id, False))
unigram.normalizer = normalizers.Sequence([normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap),
                                           normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")])
unigram.pre_tokenizer = pre_tokenizers.Metaspace()
unigram.add_special_tokens(["<unk>", "<s>", "</s>"])
unigram.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 2)])
expected("unigram", unigram)
