"""Records what transformers makes of small models with rotary positions, drawn by seed, and tokenizers of their texts.

usage: python3 rotary.py    in an environment with tokenizers 0.23, transformers 5.24, torch; after make.py, whose hashes.json it adds to
Writes beside this file: the tokeniser `modernbert` with 1,000 fuzzed lines of its own and, in hashes.json, the hashes
of lines.json; `m-modernbert` and `m-modernbert-biased` by ModernBertModel, `m-nomicbert` by NomicBertModel, and
`m-nomicbert-makers` by the arithmetic that its makers describe, which transformers has no keys for. Weights are binary16.
"""
import json, math, os, random, shutil
os.environ['TOKENIZERS_PARALLELISM'] = 'false'
import torch
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import ModernBertConfig, ModernBertForMaskedLM, ModernBertModel, NomicBertConfig, NomicBertModel

ROOT = os.path.dirname(os.path.abspath(__file__))
LIMIT = 1400  # tokens of a sequence
lines = json.load(open(f'{ROOT}/lines.json'))
rnd = random.Random(18)


def fnv(ids):
    h = 0xcbf29ce484222325
    for i in ids: h = ((h ^ i) * 0x100000001b3) & (2**64 - 1)
    return '%016x' % h


def dump(value, path):
    json.dump(value, open(path, 'w'), ensure_ascii=False, separators=(',', ':'))


def modern_tokenizer():
    """Byte pairs with the steps and added tokens of ModernBERT's: runs of blanks are tokens, taken before words."""
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True, use_regex=True)
    t.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=640, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    t.add_tokens([AddedToken('|||IP_ADDRESS|||', normalized=True, special=False)])
    t.add_special_tokens([AddedToken('<|padding|>', normalized=False)])
    t.add_tokens([AddedToken(' ' * n, normalized=True, special=False) for n in range(24, 1, -1)])
    t.add_special_tokens([AddedToken(n, normalized=False) for n in ['<|endoftext|>', '[UNK]', '[CLS]', '[SEP]', '[PAD]']])
    t.add_special_tokens([AddedToken('[MASK]', lstrip=True, normalized=False)])
    cls, sep = t.token_to_id('[CLS]'), t.token_to_id('[SEP]')
    t.post_processor = processors.TemplateProcessing(
        single='[CLS]:0 $A:0 [SEP]:0', pair='[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1', special_tokens=[('[CLS]', cls), ('[SEP]', sep)])
    return t


def blank_line():
    parts = [' ' * rnd.choice([1, 2, 3, 4, 7, 8, 23, 24, 25, 26, 48, 49, 51]), '\t', '\n', '\n\n', '\r\n', 'def f(x):', 'x', 'été', 'e\u0301',
             '\u00a0', '\u3000', '[MASK]', ' [MASK]', '  [MASK] ', '[CLS]', '[SEP]', '<|endoftext|>', '<|padding|>', '|||IP_ADDRESS|||', '|||IP', "'s", "'ll",
             "don't", '12', '3.5', '…', '한국', '\u1112\u1161\u11ab', 'Å', 'A\u030a', '👍🏽', '\u0344', '\u2126', '\uf900', '_', '__', '--', '//', '{', '}']
    return ''.join(rnd.choice(parts) for _ in range(rnd.randrange(1, 16)))


def texts(tokenizer):
    """Short lines, and longer ones of lengths around those of windows and blocks."""
    chosen = lines[:10] + rnd.sample(lines[15:], 14)
    for wanted in [17, 31, 33, 62, 63, 64, 65, 66, 97, 127, 129, 190, 257, 511, 513, 530, 1030, 1300, 1600]:
        text = ''
        while len(tokenizer.encode(text).ids) < wanted: text += ' ' + rnd.choice(lines[15:])[:40].strip()
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        # Cut by characters until the length is the wanted one, or as near as characters can.
        while len(tokenizer.encode(text).ids) > wanted: text = text[:-1]
        chosen.append(text)
    return chosen


def randomise(model):
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(torch.randn_like(p) * (0.2 if p.ndim > 1 else 0.1))
            if 'norm' in name.lower() and name.endswith('weight') or name.endswith('emb_ln.weight'): p.add_(1)
            p.copy_(p.half().float())


def write(name, tokenizer, config, tensors, pooling, prefix, forward):
    """`forward`: rows of ids and of what is no padding, to the rows of the last layer."""
    folder = f'{ROOT}/m-{name}'
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder + '/1_Pooling')
    save_file({k: v.half().contiguous() for k, v in tensors.items()}, folder + '/model.safetensors', metadata={'format': 'pt'})
    json.dump(config, open(folder + '/config.json', 'w'), indent=1, sort_keys=True)
    tokenizer.save(folder + '/tokenizer.json', pretty=False)
    width = tensors[next(k for k in tensors if k.endswith('embeddings.weight'))].shape[1]
    json.dump({'word_embedding_dimension': width, 'pooling_mode_cls_token': pooling == 'cls',
               'pooling_mode_mean_tokens': pooling == 'mean'}, open(folder + '/1_Pooling/config.json', 'w'))
    json.dump({'max_seq_length': LIMIT, 'do_lower_case': False}, open(folder + '/sentence_bert_config.json', 'w'))
    if prefix: json.dump({'prompts': {'query': prefix[0], 'document': prefix[1]}}, open(folder + '/config_sentence_transformers.json', 'w'))
    first, *_, last = tokenizer.encode('x').ids
    chosen = texts(tokenizer)
    rows = []
    for text in chosen:
        ids = tokenizer.encode((prefix[1] if prefix else '') + text, add_special_tokens=False).ids
        rows.append([first] + ids[:LIMIT - 2] + [last])

    def pooled(h): return torch.nn.functional.normalize(h[0] if pooling == 'cls' else h.mean(0), dim=0)

    with torch.no_grad():
        vectors = [pooled(forward(torch.tensor([r]), torch.ones(1, len(r), dtype=torch.long))[0]) for r in rows]
        # The reference itself: padding in a batch changes nothing.
        some = [r for r in rows if len(r) < 140]
        most = max(map(len, some))
        together = forward(torch.tensor([r + [0] * (most - len(r)) for r in some]),
                           torch.tensor([[1] * len(r) + [0] * (most - len(r)) for r in some]))
        alone = [v for v, r in zip(vectors, rows) if len(r) < 140]
        for r, h, v in zip(some, together, alone): assert pooled(h[:len(r)]) @ v > 0.999999, name
    dump({'lines': chosen, 'vectors': [[round(x, 7) for x in v.tolist()] for v in vectors]}, folder + '/vectors.json')
    print(name, sorted(map(len, rows)), os.path.getsize(folder + '/model.safetensors'))
    return vectors, rows


def saved(model):
    """The tensors and the configuration as transformers writes them."""
    scratch = f'{ROOT}/scratch'
    model.save_pretrained(scratch)
    tensors, config = load_file(scratch + '/model.safetensors'), json.load(open(scratch + '/config.json'))
    shutil.rmtree(scratch)
    return tensors, config


def by(model):
    return lambda ids, mask: model(input_ids=ids, attention_mask=mask).last_hidden_state


def makers_forward(tensors, config):
    """NomicBERT as its makers have it: rotary positions of a part of each head, gated layers, norms behind."""
    w = {k.removeprefix('bert.'): v for k, v in tensors.items()}
    heads, eps = config['n_head'], config['layer_norm_epsilon']
    linear = lambda x, n: torch.nn.functional.linear(x, w[n + '.weight'], w.get(n + '.bias'))
    norm = lambda x, n: torch.nn.functional.layer_norm(x, x.shape[-1:], w[n + '.weight'], w[n + '.bias'], eps)
    active = {'geglu': torch.nn.functional.gelu, 'swiglu': torch.nn.functional.silu}[config['activation_function']]

    def turned(x):  # [batch, heads, tokens, width]
        width = int(x.shape[-1] * config['rotary_emb_fraction'])
        pairs = torch.arange(0, width, 2, dtype=torch.float32) / width
        angles = torch.outer(torch.arange(x.shape[2], dtype=torch.float32), 1 / config['rotary_emb_base'] ** pairs)
        part = x[..., :width]
        if config['rotary_emb_interleaved']: a, b = part[..., 0::2], part[..., 1::2]
        else: a, b = part[..., :width // 2], part[..., width // 2:]
        a, b = a * angles.cos() - b * angles.sin(), b * angles.cos() + a * angles.sin()
        part = torch.stack((a, b), -1).flatten(-2) if config['rotary_emb_interleaved'] else torch.cat((a, b), -1)
        return torch.cat((part, x[..., width:]), -1)

    def forward(ids, mask):
        x = w['embeddings.word_embeddings.weight'][ids]
        if config['type_vocab_size']: x = x + w['embeddings.token_type_embeddings.weight'][0]
        x = norm(x, 'emb_ln')
        for i in range(config['n_layer']):
            n = f'encoder.layers.{i}.'
            q, k, v = (p.unflatten(-1, (heads, -1)).transpose(1, 2) for p in linear(x, n + 'attn.Wqkv').chunk(3, -1))
            scores = turned(q) @ turned(k).transpose(-1, -2) / math.sqrt(q.shape[-1])
            scores = scores.masked_fill(mask[:, None, None, :] == 0, -1e30)
            x = norm(x + linear((scores.softmax(-1) @ v).transpose(1, 2).flatten(-2), n + 'attn.out_proj'), n + 'norm1')
            x = norm(x + linear(linear(x, n + 'mlp.fc11') * active(linear(x, n + 'mlp.fc12')), n + 'mlp.fc2'), n + 'norm2')
        return x
    return forward


torch.manual_seed(18)
# The tokeniser.
modern = modern_tokenizer()
os.makedirs(f'{ROOT}/modernbert', exist_ok=True)
modern.save(f'{ROOT}/modernbert/tokenizer.json', pretty=False)
hashes = json.load(open(f'{ROOT}/hashes.json'))
encode = lambda line: modern.encode(line, add_special_tokens=False).ids
hashes['modernbert'] = [fnv(encode(line)) for line in lines]
dump(hashes, f'{ROOT}/hashes.json')
own = [blank_line() for _ in range(1000)]
dump({'lines': own, 'hashes': [fnv(encode(line)) for line in own]}, f'{ROOT}/modernbert/own.json')

# ModernBERT, with windows of sixteen, three heads and a vocabulary that is padded.
padded = -(-modern.get_vocab_size() // 64) * 64
common = dict(vocab_size=padded, max_position_embeddings=1536, pad_token_id=0, bos_token_id=None, eos_token_id=None,
              cls_token_id=None, sep_token_id=None)
m = ModernBertModel(ModernBertConfig(
    **common, hidden_size=48, intermediate_size=80, num_hidden_layers=4, num_attention_heads=3, local_attention=16)).eval()
randomise(m)
tensors, config = saved(m)
vectors, rows = write('modernbert', modern, config, tensors, 'mean', ('search_query: ', 'search_document: '), by(m))
# The windows matter to the vectors.
for window in [14, 18]:
    other = ModernBertModel(ModernBertConfig(**{**m.config.to_dict(), 'local_attention': window})).eval()
    other.load_state_dict(m.state_dict())
    with torch.no_grad(): h = other(input_ids=torch.tensor([rows[-5]])).last_hidden_state[0].mean(0)
    print('window', window, float(torch.nn.functional.normalize(h, dim=0) @ vectors[-5]))
m = ModernBertForMaskedLM(ModernBertConfig(
    **common, hidden_size=64, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4, local_attention=10,
    attention_bias=True, mlp_bias=True, norm_bias=True, hidden_activation='silu', global_attn_every_n_layers=2)).eval()
randomise(m)
tensors, config = saved(m)
# The form in which ModernBERT itself was published.
for key in ['rope_parameters', 'layer_types']: config.pop(key, None)
config.update(global_attn_every_n_layers=2, global_rope_theta=160000.0, local_rope_theta=10000.0, position_embedding_type='absolute')
tensors = {k: v for k, v in tensors.items() if k.startswith('model.')}
write('modernbert-biased', modern, config, tensors, 'cls', None, by(m.model))

# NomicBERT as transformers has it.
words = Tokenizer.from_file(f'{ROOT}/bertuncased/tokenizer.json')
padded = -(-words.get_vocab_size() // 64) * 64
m = NomicBertModel(NomicBertConfig(
    vocab_size=padded, hidden_size=32, intermediate_size=64, num_hidden_layers=3, num_attention_heads=2, max_position_embeddings=1536)).eval()
randomise(m)
tensors, config = saved(m)
write('nomicbert', words, config, tensors, 'mean', None, by(m))

# NomicBERT as its makers have it, with what transformers has no keys for.
config = dict(
    model_type='nomic_bert', activation_function='geglu', n_embd=64, n_head=2, n_inner=40, n_layer=2, n_positions=1536,
    layer_norm_epsilon=1e-12, mlp_fc1_bias=True, mlp_fc2_bias=True, qkv_proj_bias=True, prenorm=False, parallel_block=False,
    parallel_block_tied_norm=False, causal=False, use_rms_norm=False, pad_vocab_size_multiple=64, rotary_emb_base=1000,
    rotary_emb_fraction=0.5, rotary_emb_interleaved=True, rotary_emb_scale_base=None, rotary_scaling_factor=None,
    max_trained_positions=2048, type_vocab_size=2, vocab_size=padded, tie_word_embeddings=True, use_flash_attn=True)
sizes = {'emb_ln': None, 'embeddings.word_embeddings': (padded, 64), 'embeddings.token_type_embeddings': (2, 64)}
for i in range(2):
    for n, size in [('attn.Wqkv', (192, 64)), ('attn.out_proj', (64, 64)), ('mlp.fc11', (256, 64)), ('mlp.fc12', (256, 64)),
                    ('mlp.fc2', (64, 256)), ('norm1', None), ('norm2', None)]:
        sizes[f'encoder.layers.{i}.{n}'] = size
tensors = {}
for n, size in sizes.items():
    tensors['bert.' + n + '.weight'] = torch.randn(size) * 0.2 if size else 1 + torch.randn(64) * 0.1
    if 'embeddings' not in n: tensors['bert.' + n + '.bias'] = torch.randn(size[0] if size else 64) * 0.1
tensors = {k: v.half().float() for k, v in tensors.items()}
write('nomicbert-makers', words, config, tensors, 'mean', None, makers_forward(tensors, config))
