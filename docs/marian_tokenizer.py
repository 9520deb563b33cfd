#!/usr/bin/env python3
"""Makes the tokenizer.json that a Marian model lacks: Transformers has no fast tokenizer for it.

usage: python marian_tokenizer.py FOLDER
FOLDER has the model's source.spm and vocab.json; tokenizer.json is written beside them.
needs: pip install tokenizers sentencepiece protobuf
"""
import json, pathlib, re, sys
from sentencepiece import sentencepiece_model_pb2 as pb
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

folder = pathlib.Path(sys.argv[1])
source = pb.ModelProto.FromString((folder / "source.spm").read_bytes())
vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
scores = {piece.piece: piece.score for piece in source.pieces if piece.type == pb.ModelProto.SentencePiece.NORMAL}
# Pieces of the target language alone are below all others, so that they are taken only for characters that the source
# language does not have.
pieces = [(piece, scores.get(piece, -1e6)) for piece, _ in sorted(vocabulary.items(), key=lambda entry: entry[1])]
assert [vocabulary[piece] for piece, _ in pieces] == list(range(len(pieces))), "vocab.json has ids without a gap"

tokenizer = Tokenizer(models.Unigram(pieces, vocabulary["<unk>"], False))
steps = [normalizers.Strip(), normalizers.Replace(Regex(" {2,}"), " ")]
if source.normalizer_spec.precompiled_charsmap:
    steps.insert(0, normalizers.Precompiled(source.normalizer_spec.precompiled_charsmap))
tokenizer.normalizer = normalizers.Sequence(steps)
tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
tokenizer.decoder = decoders.Metaspace()
names = [piece for piece, _ in pieces if piece in ("</s>", "<unk>", "<pad>") or re.fullmatch(">>.+<<", piece)]
tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in names])
tokenizer.post_processor = processors.TemplateProcessing(
    single="$A </s>", pair="$A $B </s>", special_tokens=[("</s>", vocabulary["</s>"])])
tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
print(folder / "tokenizer.json")
