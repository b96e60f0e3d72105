"""Records what Hugging Face tokenizers and transformers make of small models drawn by seed.

usage: python3 make.py SCRATCH    in an environment with tokenizers, transformers, torch, sentencepiece, protobuf
Writes the folders beside this file: tokenizer.json of each family, 2,000 fuzzed lines, a hash of the ids of each
line, and tiny models with their vectors. Lines with a literal <pad> are left out of the vectors: RoBERTa gives that
token no position of its own.
"""
import json, os, random, sys
os.environ['TOKENIZERS_PARALLELISM']='false'
import torch, numpy as np
from tokenizers import Tokenizer, models, trainers, pre_tokenizers, normalizers, processors, decoders
import sentencepiece as spm
from transformers import (BertConfig,BertModel,DistilBertConfig,DistilBertModel,RobertaConfig,RobertaModel,XLMRobertaConfig,XLMRobertaModel)
OUT=sys.argv[1]; rnd=random.Random(5)
blocks=[(0x20,0x7f),(0xa0,0x17f),(0x180,0x24f),(0x300,0x36f),(0x370,0x3ff),(0x400,0x4ff),(0x531,0x58a),(0x590,0x5f4),(0x600,0x6ff),(0x900,0x97f),(0x980,0x9ff),(0xb80,0xbff),(0xe00,0xe5b),(0x10a0,0x10ff),(0x1100,0x11ff),(0x1e00,0x1eff),(0x1f00,0x1fff),(0x2000,0x206f),(0x2070,0x209c),(0x20a0,0x20bf),(0x2100,0x214f),(0x2150,0x218b),(0x2190,0x21ff),(0x2200,0x22ff),(0x2460,0x24ff),(0x2500,0x257f),(0x2600,0x26ff),(0x3000,0x303f),(0x3041,0x3096),(0x30a0,0x30ff),(0x3130,0x318e),(0x3200,0x32ff),(0x3300,0x33ff),(0x4e00,0x4fff),(0x9000,0x9100),(0xac00,0xad00),(0xf900,0xfa6d),(0xfb00,0xfb4f),(0xfe70,0xfefc),(0xff00,0xffee),(0x1d400,0x1d7ff),(0x1f300,0x1f5ff),(0x1f600,0x1f64f),(0x20000,0x20100)]
words="the of and to in is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so up said what its about than into them can only other time new some could these two may first then do any like my now over such our man me even most made after also did many off before must well back through years where much your way down should because long each just state people those too mr little how good world make very year still see own work men day get here old between both life being under three never know same last another while us might great go come since against right came take used himself few house american use place during high without again home around small however found mrs thought went say part once general upon school every don't does got united left number course war until always away something fact though water less public put think almost hand enough far took head yet government system set told nothing night end why called didn't eyes find going look asked later knew point".split()
extra="Straße Ärger naïve façade coöperate Ελλάδα Привет мир 東京 大阪 こんにちは 안녕하세요 مرحبا שלום नमस्ते สวัสดี Zürich l'été don't it's I'll we've you're He'D 'tis 1,234.56 2024-11-30 user@example.org https://example.org/a?b=c ﬁne ﬂow ① ½ ㎏ ㍿ Å é ñ 👨‍👩‍👧 🇩🇪 👍🏽 \u200b \u00a0 \u3000 <s> </s> <mask> <unk> <pad> [CLS] [SEP] [MASK] \t \r\n \n".split(' ')
def line():
    k=rnd.random()
    if k<.35: return ' '.join(rnd.choice(words+extra) for _ in range(rnd.randrange(1,14)))
    if k<.7:
        s=''
        for _ in range(rnd.randrange(1,24)):
            a,b=rnd.choice(blocks)
            c=chr(rnd.randrange(a,b))
            s+=c*rnd.choice([1,1,1,2])+rnd.choice(['','','',' '])
        return s
    if k<.85:
        return ''.join(rnd.choice(rnd.choice(words+extra)) + rnd.choice(['','',' ','  ','\n',"'",'-']) for _ in range(rnd.randrange(1,40)) if True)
    return ''.join(rnd.choice(["  "," ","\t","\n","a","B","ﬁ","é","e\u0301","한","각","\u1100\u1161","ก็","नि","\u0301","▁"," ▁","'s","'S","9","٣","。",".","!","_","--"]) for _ in range(rnd.randrange(0,20)))
lines=['',' ','  ','\n','a',' a','a ','  a  b  ','\r\n','a\r\nb','\u0000a','▁','▁▁a','hello▁world','x'*300,'Ünïcödé '*20]+[line() for _ in range(1984)]
assert len(lines)==2000
def ok(s):
    # code points that the test's Unicode tables know alike
    import unicodedata
    return all(unicodedata.category(c)!='Cn' for c in s)
lines=[l for l in lines if ok(l)]
while len(lines)<2000:
    l=line()
    if ok(l): lines.append(l)
corpus=' '.join(rnd.choice(words) for _ in range(20000))
train=[ ' '.join(rnd.choice(words+extra) for _ in range(12)) for _ in range(4000)]
def save(name,tok,post=None):
    d=f'{OUT}/{name}'; os.makedirs(d,exist_ok=True)
    tok.save(f'{d}/tokenizer.json')
    return d
fams={}
# byte-level BPE
t=Tokenizer(models.BPE()); t.pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False)
t.train_from_iterator(train,trainers.BpeTrainer(vocab_size=900,special_tokens=['<s>','<pad>','</s>','<unk>','<mask>'],initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),show_progress=False))
t.post_processor=processors.RobertaProcessing(('</s>',2),('<s>',0),trim_offsets=True,add_prefix_space=False); t.decoder=decoders.ByteLevel()
fams['roberta']=t
# unigram by sentencepiece
open(OUT+'/train.txt','w').write('\n'.join(x.replace('\n',' ') for x in train))
spm.SentencePieceTrainer.train(input=OUT+'/train.txt',model_prefix=OUT+'/spm',vocab_size=380,model_type='unigram',character_coverage=0.9995,normalization_rule_name='nmt_nfkc',minloglevel=2)
from transformers import convert_slow_tokenizer
import sentencepiece.sentencepiece_model_pb2 as pb
m=pb.ModelProto(); m.ParseFromString(open(OUT+'/spm.model','rb').read())
vocab=[('<s>',0.0),('<pad>',0.0),('</s>',0.0),('<unk>',0.0)]+[(p.piece,p.score) for p in m.pieces[3:]]+[('<mask>',0.0)]
import base64
t=Tokenizer(models.Unigram(vocab,3,False))
pc=normalizers.Precompiled(m.normalizer_spec.precompiled_charsmap)
t.normalizer=pc
t.pre_tokenizer=pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(),pre_tokenizers.Metaspace()])
t.post_processor=processors.TemplateProcessing(single=['<s>','$A','</s>'],pair=['<s>','$A','</s>','</s>','$B','</s>'],special_tokens=[('<s>',0),('</s>',2)])
from tokenizers import AddedToken
t.add_special_tokens([AddedToken('<s>',normalized=False),AddedToken('<pad>',normalized=False),AddedToken('</s>',normalized=False),AddedToken('<unk>',normalized=False),AddedToken('<mask>',lstrip=True,normalized=False)])
fams['xlmr']=t
# the form of transformers 5: metaspace alone, blanks joined
t2=Tokenizer.from_str(t.to_str()); t2.normalizer=normalizers.Sequence([pc,normalizers.Replace(__import__('tokenizers').Regex(' {2,}'),' '),normalizers.Strip(left=False,right=True)]); t2.pre_tokenizer=pre_tokenizers.Metaspace(prepend_scheme='always'); fams['xlmr5']=t2
# wordpiece cased and uncased
for name,low in [('bertcased',False),('bertuncased',True)]:
    t=Tokenizer(models.WordPiece(unk_token='[UNK]')); t.normalizer=normalizers.BertNormalizer(lowercase=low); t.pre_tokenizer=pre_tokenizers.BertPreTokenizer()
    t.train_from_iterator(train,trainers.WordPieceTrainer(vocab_size=900,special_tokens=['[PAD]','[UNK]','[CLS]','[SEP]','[MASK]'],show_progress=False))
    t.post_processor=processors.BertProcessing(('[SEP]',3),('[CLS]',2)); fams[name]=t
# BPE with bytes to fall back to, as Llama has it
t=Tokenizer(models.BPE(unk_token='<unk>',fuse_unk=True,byte_fallback=True)); t.normalizer=normalizers.Sequence([normalizers.Prepend('▁'),normalizers.Replace(' ','▁')])
t.train_from_iterator(train,trainers.BpeTrainer(vocab_size=1200,special_tokens=['<unk>','<s>','</s>']+['<0x%02X>'%i for i in range(256)],show_progress=False))
fams['llama']=t
res={}
for name,t in fams.items():
    d=save(name,t)
    rows=[t.encode(l,add_special_tokens=False).ids for l in lines]
    json.dump({'lines':lines,'ids':rows},open(f'{d}/ids.json','w'),ensure_ascii=False)
    print(name,t.get_vocab_size(),sum(map(len,rows)))
torch.manual_seed(3)
def model(name,kind,cfgc,mc,tok,pool,prefix=None,**kw):
    t=fams[tok]; V=t.get_vocab_size()
    cfg=cfgc(vocab_size=V,**kw); m=mc(cfg).eval()
    with torch.no_grad():
        for p in m.parameters(): p.copy_(torch.randn_like(p)*0.2+(1 if p.ndim==1 and False else 0))
        for n,p in m.named_parameters():
            if n.lower().endswith('norm.weight'): p.add_(1)
    d=f'{OUT}/m-{name}'; m.save_pretrained(d); t.save(d+'/tokenizer.json')
    os.makedirs(d+'/1_Pooling',exist_ok=True)
    json.dump({'word_embedding_dimension':cfg.hidden_size if hasattr(cfg,'hidden_size') else cfg.dim,'pooling_mode_cls_token':pool=='cls','pooling_mode_mean_tokens':pool=='mean','pooling_mode_lasttoken':pool=='last'},open(d+'/1_Pooling/config.json','w'))
    json.dump([{'idx':0,'name':'0','path':'','type':'sentence_transformers.models.Transformer'},{'idx':1,'name':'1','path':'1_Pooling','type':'sentence_transformers.models.Pooling'},{'idx':2,'name':'2','path':'2_Normalize','type':'sentence_transformers.models.Normalize'}],open(d+'/modules.json','w'))
    json.dump({'max_seq_length':24,'do_lower_case':False},open(d+'/sentence_bert_config.json','w'))
    if prefix: json.dump({'prompts':{'query':prefix[0],'passage':prefix[1]}},open(d+'/config_sentence_transformers.json','w'))
    out=[]
    for l in lines[:40]:
        text=(prefix[1] if prefix else '')+l
        ids=t.encode(text,add_special_tokens=False).ids
        full=t.encode('x').ids; b,e=full[0],full[-1]
        ids=[b]+ids[:22]+[e]
        with torch.no_grad(): h=m(input_ids=torch.tensor([ids])).last_hidden_state[0]
        v={'cls':h[0],'mean':h.mean(0),'last':h[-1]}[pool]; v=v/v.norm()
        out.append(v.tolist())
    json.dump({'lines':lines[:40],'vectors':out},open(d+'/vectors.json','w'),ensure_ascii=False)
    print(name,os.path.getsize(d+'/model.safetensors'))
common=dict(hidden_size=32,num_hidden_layers=2,num_attention_heads=2,intermediate_size=64,max_position_embeddings=40)
model('bert','bert',BertConfig,BertModel,'bertuncased','mean',**common)
model('bertcased','bert',BertConfig,BertModel,'bertcased','cls',**common)
model('roberta','roberta',RobertaConfig,RobertaModel,'roberta','last',**common,pad_token_id=1)
model('xlmr','xlmr',XLMRobertaConfig,XLMRobertaModel,'xlmr','mean',prefix=('query: ','passage: '),**common,pad_token_id=1)
model('distil','distil',DistilBertConfig,DistilBertModel,'bertuncased','mean',dim=32,n_layers=2,n_heads=2,hidden_dim=64,max_position_embeddings=40)

# What is kept of it.
import shutil
R=OUT; G=os.path.dirname(os.path.abspath(__file__))
os.makedirs(G,exist_ok=True)
def fnv(ids):
    h=0xcbf29ce484222325
    for i in ids:
        h=((h^i)*0x100000001b3)&(2**64-1)
    return '%016x'%h
lines=None; table={}
charsmap=None
def mini(src,dst):
    global charsmap
    t=json.load(open(src))
    def walk(o):
        global charsmap
        if isinstance(o,dict):
            if 'precompiled_charsmap' in o:
                charsmap=o['precompiled_charsmap']; o['precompiled_charsmap']='@CHARSMAP@'
            for v in o.values(): walk(v)
        elif isinstance(o,list):
            for v in o: walk(v)
    walk(t); json.dump(t,open(dst,'w'),ensure_ascii=False,separators=(',',':'))
for f in ['roberta','xlmr','xlmr5','bertcased','bertuncased','llama']:
    d=json.load(open(f'{R}/{f}/ids.json'))
    lines=d['lines']; table[f]=[fnv(x) for x in d['ids']]
    os.makedirs(f'{G}/{f}',exist_ok=True); mini(f'{R}/{f}/tokenizer.json',f'{G}/{f}/tokenizer.json')
json.dump(lines,open(f'{G}/lines.json','w'),ensure_ascii=False)
json.dump(table,open(f'{G}/hashes.json','w'),separators=(',',':'))
open(f'{G}/charsmap.txt','w').write(charsmap)
for m in ['bert','bertcased','roberta','xlmr','distil']:
    s=f'{R}/m-{m}'
    if not os.path.exists(s+'/vectors.json'): print('missing',m); continue
    d=f'{G}/m-{m}'; shutil.rmtree(d,ignore_errors=True); os.makedirs(d+'/1_Pooling')
    for n in ['config.json','model.safetensors','modules.json','sentence_bert_config.json','config_sentence_transformers.json','1_Pooling/config.json']:
        if os.path.exists(f'{s}/{n}'): shutil.copy(f'{s}/{n}',f'{d}/{n}')
    mini(f'{s}/tokenizer.json',f'{d}/tokenizer.json')
    v=json.load(open(f'{s}/vectors.json')); v['vectors']=[[round(x,7) for x in r] for r in v['vectors']]
    json.dump(v,open(f'{d}/vectors.json','w'),ensure_ascii=False,separators=(',',':'))
