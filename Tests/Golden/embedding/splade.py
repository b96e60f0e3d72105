"""Records which terms SPLADE models give to texts, computed in double precision.

usage: python3 splade.py [MODEL]    in an environment with numpy and tokenizers
Writes m-splade, a small masked language model drawn by seed, and its terms; with the folder of splade-tiny also
splade-tiny.json. A term's impact is 64 log(1 + greatest logit), rounded; those within .002 of two are left out.
"""
import json, math, os, struct, sys
import numpy as np
from tokenizers import Tokenizer

HERE = os.path.dirname(os.path.abspath(__file__))
erf = np.vectorize(math.erf)
TEXTS = [
    "", "time", "The time of day, and the work of a man.", "it is that which was with the state of the world. " * 3,
    "Protein kinase C activation inhibits apoptosis in T-cell lymphoma.",
    "Straße naïve façade 1,234.56 東京 [SEP] don't", "How do I restore a PostgreSQL backup after the disk failed? " * 12,
]

def read(path):
    with open(path, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        body = file.read()
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], "<f4").reshape(entry["shape"]).astype(float)
        for name, entry in header.items() if name != "__metadata__"
    }

def write(path, tensors):
    header, body = {}, b""
    for name in sorted(tensors):
        data = tensors[name].astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensors[name].shape),
                        "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)

def terms(folder):
    config = json.load(open(folder + "/config.json"))
    t = read(folder + "/model.safetensors")
    tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    heads = config["num_attention_heads"]

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        scale = np.sqrt((x * x).mean(-1, keepdims=True) + config["layer_norm_eps"])
        return x / scale * t[name + ".gamma"] + t[name + ".beta"]

    def linear(x, name):
        return x @ t[name + ".weight"].T + t[name + ".bias"]

    def gelu(x):
        return x * (1 + erf(x / math.sqrt(2))) / 2

    found = []
    for text in TEXTS:
        own = tokenizer.encode(text, add_special_tokens=False).ids[:config["max_position_embeddings"] - 2]
        ids = [tokenizer.token_to_id("[CLS]")] + own + [tokenizer.token_to_id("[SEP]")]
        e = "bert.embeddings."
        x = norm(t[e + "word_embeddings.weight"][ids] + t[e + "position_embeddings.weight"][:len(ids)]
                 + t[e + "token_type_embeddings.weight"][0], e + "LayerNorm")
        for layer in range(config["num_hidden_layers"]):
            n = "bert.encoder.layer.%d." % layer
            q, k, v = (linear(x, n + "attention.self." + part).reshape(len(ids), heads, -1).transpose(1, 0, 2)
                       for part in ("query", "key", "value"))
            scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            context = (scores / scores.sum(-1, keepdims=True)) @ v
            context = context.transpose(1, 0, 2).reshape(len(ids), -1)
            x = norm(x + linear(context, n + "attention.output.dense"), n + "attention.output.LayerNorm")
            wide = gelu(linear(x, n + "intermediate.dense"))
            x = norm(x + linear(wide, n + "output.dense"), n + "output.LayerNorm")
        x = norm(gelu(linear(x, "cls.predictions.transform.dense")), "cls.predictions.transform.LayerNorm")
        logits = (x @ t[e + "word_embeddings.weight"].T + t["cls.predictions.bias"]).max(0)
        weights = 64 * np.log1p(np.maximum(logits, 0))
        impacts = {}
        for piece in np.nonzero(weights > .4)[0]:
            name = tokenizer.id_to_token(int(piece))
            if name in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"):
                continue
            between = abs(weights[piece] % 1 - .5) < .002
            impacts[name] = None if between else min(255, math.floor(weights[piece] + .5))
        found.append({"text": text, "impacts": {k: v for k, v in sorted(impacts.items()) if v != 0}})
    return found

def main():
    folder = HERE + "/m-splade"
    os.makedirs(folder, exist_ok=True)
    vocabulary = json.load(open(HERE + "/m-bert/tokenizer.json"))
    count = 1 + max(list(vocabulary["model"]["vocab"].values()) + [t["id"] for t in vocabulary["added_tokens"]])
    config = {"architectures": ["BertForMaskedLM"], "hidden_act": "gelu", "hidden_size": 32, "intermediate_size": 64,
              "layer_norm_eps": 1e-12, "max_position_embeddings": 40, "model_type": "bert", "num_attention_heads": 2,
              "num_hidden_layers": 1, "type_vocab_size": 2, "vocab_size": count}
    json.dump(config, open(folder + "/config.json", "w"), indent=1)
    json.dump(vocabulary, open(folder + "/tokenizer.json", "w"), ensure_ascii=False)
    rng = np.random.default_rng(7)
    tensors = {}

    def add(name, *shape, scale=.3, mean=0.0):
        tensors[name] = (mean + scale * rng.standard_normal(shape)).astype("<f4")

    def add_norm(name):
        add(name + ".gamma", 32, scale=.1, mean=1.0)
        add(name + ".beta", 32, scale=.1)

    def add_linear(name, outputs, inputs):
        add(name + ".weight", outputs, inputs)
        add(name + ".bias", outputs)

    add("bert.embeddings.word_embeddings.weight", count, 32)
    add("bert.embeddings.position_embeddings.weight", 40, 32)
    add("bert.embeddings.token_type_embeddings.weight", 2, 32)
    add_norm("bert.embeddings.LayerNorm")
    layer = "bert.encoder.layer.0."
    for part in ("query", "key", "value"):
        add_linear(layer + "attention.self." + part, 32, 32)
    add_linear(layer + "attention.output.dense", 32, 32)
    add_norm(layer + "attention.output.LayerNorm")
    add_linear(layer + "intermediate.dense", 64, 32)
    add_linear(layer + "output.dense", 32, 64)
    add_norm(layer + "output.LayerNorm")
    add_linear("cls.predictions.transform.dense", 32, 32)
    add_norm("cls.predictions.transform.LayerNorm")
    add("cls.predictions.bias", count, scale=.5, mean=-1.0)
    write(folder + "/model.safetensors", tensors)
    json.dump(terms(folder), open(folder + "/terms.json", "w"), ensure_ascii=False, indent=0)
    if len(sys.argv) > 1:
        json.dump(terms(sys.argv[1]), open(HERE + "/splade-tiny.json", "w"), ensure_ascii=False, indent=0)

main()
