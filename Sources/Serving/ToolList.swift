/// The result of `tools/list`.
func toolListText(_ limits: RequestLimits) -> String {
    """
    {"tools":[{"name":"search","title":"Search the documents",\
    "description":"Find the passages that answer a question. Each comes with its text, uri, page and chunk_id; \
    cite the uri and page.","annotations":{"readOnlyHint":true,"openWorldHint":false},\
    "inputSchema":{"type":"object","additionalProperties":false,"required":["query"],"properties":{\
    "query":{"type":"string","minLength":1,"description":"The question or words to look for."},\
    "k":{"type":"integer","minimum":1,"maximum":\(limits.hitCount),"description":"How many passages; 10 by default."},\
    "mode":{"type":"string","enum":["fused","vector","bm25","sparse"],"description":"By words and meaning (the default), by \
    meaning, or by words."},\
    "group":{"type":"string","enum":["duplicates","document","none"],"description":"duplicates (the default) leaves \
    near-duplicates out, document gives one passage a document, none gives all."},\
    "filters":{"type":"array","items":{"type":"string"},"description":"Conditions like lang=de, source=docs, \
    type=text/html, uri=PREFIX, meta.KEY=VALUE, date>=2026-01-01 or date<2026-02-01 (changed, else published; \
    documents without a date fit neither)."}}}},\
    {"name":"get_chunk","title":"Fetch one passage","description":"The passage with this chunk_id, as search gave it.",\
    "annotations":{"readOnlyHint":true,"openWorldHint":false},\
    "inputSchema":{"type":"object","additionalProperties":false,"required":["chunk_id"],"properties":{\
    "chunk_id":{"type":"string"}}}}]}
    """
}
