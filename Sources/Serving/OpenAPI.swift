/// The description of every route, OpenAPI 3.1, with the limits of this server.
func openAPIText(_ limits: RequestLimits) -> String {
    #"""
    {
     "openapi": "3.1.0",
     "info": {
      "title": "Millrace",
      "version": "1",
      "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
      "description": "Search in a published index."
     },
     "security": [{}, {"bearer": []}],
     "paths": {
      "/v1/search": {
       "post": {
        "operationId": "search",
        "summary": "The best chunks for a query.",
        "requestBody": {
         "required": true,
         "content": {
          "application/json": {"schema": {"$ref": "#/components/schemas/Query"}}
         }
        },
        "responses": {
         "200": {
          "description": "Hits, best first.",
          "content": {
           "application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}
          }
         },
         "400": {"$ref": "#/components/responses/BadRequest"},
         "401": {"$ref": "#/components/responses/Unauthorized"},
         "403": {"$ref": "#/components/responses/Forbidden"},
         "405": {"$ref": "#/components/responses/MethodNotAllowed"},
         "408": {"$ref": "#/components/responses/Timeout"},
         "413": {"$ref": "#/components/responses/TooLarge"},
         "415": {"$ref": "#/components/responses/UnsupportedType"},
         "421": {"$ref": "#/components/responses/Misdirected"},
         "429": {"$ref": "#/components/responses/TooManyRequests"},
         "500": {"$ref": "#/components/responses/Failed"},
         "503": {"$ref": "#/components/responses/Unavailable"}
        }
       }
      },
      "/v1/chunks/{id}": {
       "get": {
        "operationId": "chunk",
        "summary": "One chunk with its text.",
        "parameters": [
         {
          "name": "id",
          "in": "path",
          "required": true,
          "description": "chunk_id of a hit",
          "schema": {"type": "string", "pattern": "^[0-9A-Fa-f-]+$", "minLength": 1, "maxLength": 128}
         }
        ],
        "responses": {
         "200": {
          "description": "The chunk.",
          "content": {
           "application/json": {"schema": {"$ref": "#/components/schemas/Hit"}}
          }
         },
         "400": {"$ref": "#/components/responses/BadRequest"},
         "401": {"$ref": "#/components/responses/Unauthorized"},
         "403": {"$ref": "#/components/responses/Forbidden"},
         "405": {"$ref": "#/components/responses/MethodNotAllowed"},
         "421": {"$ref": "#/components/responses/Misdirected"},
         "429": {"$ref": "#/components/responses/TooManyRequests"},
         "500": {"$ref": "#/components/responses/Failed"},
         "503": {"$ref": "#/components/responses/Unavailable"},
         "404": {"$ref": "#/components/responses/NotFound"}
        }
       }
      },
      "/v1/documents/{id}": {
       "get": {
        "operationId": "document",
        "summary": "One document and the ids of its chunks.",
        "parameters": [
         {
          "name": "id",
          "in": "path",
          "required": true,
          "description": "The first 32 digits of a chunk_id",
          "schema": {"type": "string", "pattern": "^[0-9A-Fa-f-]+$", "minLength": 1, "maxLength": 128}
         }
        ],
        "responses": {
         "200": {
          "description": "The document.",
          "content": {
           "application/json": {"schema": {"$ref": "#/components/schemas/Document"}}
          }
         },
         "400": {"$ref": "#/components/responses/BadRequest"},
         "401": {"$ref": "#/components/responses/Unauthorized"},
         "403": {"$ref": "#/components/responses/Forbidden"},
         "405": {"$ref": "#/components/responses/MethodNotAllowed"},
         "421": {"$ref": "#/components/responses/Misdirected"},
         "429": {"$ref": "#/components/responses/TooManyRequests"},
         "500": {"$ref": "#/components/responses/Failed"},
         "503": {"$ref": "#/components/responses/Unavailable"},
         "404": {"$ref": "#/components/responses/NotFound"}
        }
       }
      },
      "/v1/snapshots": {
       "get": {
        "operationId": "snapshots",
        "summary": "The snapshots that are there.",
        "responses": {
         "200": {
          "description": "Newest first.",
          "content": {
           "application/json": {"schema": {"$ref": "#/components/schemas/Snapshots"}}
          }
         },
         "400": {"$ref": "#/components/responses/BadRequest"},
         "401": {"$ref": "#/components/responses/Unauthorized"},
         "403": {"$ref": "#/components/responses/Forbidden"},
         "405": {"$ref": "#/components/responses/MethodNotAllowed"},
         "421": {"$ref": "#/components/responses/Misdirected"},
         "429": {"$ref": "#/components/responses/TooManyRequests"},
         "500": {"$ref": "#/components/responses/Failed"},
         "503": {"$ref": "#/components/responses/Unavailable"}
        }
       }
      },
      "/healthz": {
       "get": {
        "operationId": "health",
        "summary": "Whether the process runs.",
        "security": [{}],
        "responses": {
         "200": {
          "description": "It does.",
          "content": {
           "application/json": {"schema": {"$ref": "#/components/schemas/Status"}}
          }
         },
         "400": {"$ref": "#/components/responses/BadRequest"},
         "403": {"$ref": "#/components/responses/Forbidden"},
         "405": {"$ref": "#/components/responses/MethodNotAllowed"},
         "421": {"$ref": "#/components/responses/Misdirected"},
         "503": {"$ref": "#/components/responses/Unavailable"}
        }
       }
      },
      "/readyz": {
       "get": {
        "operationId": "readiness",
        "summary": "Whether a snapshot is open.",
        "security": [{}],
        "responses": {
         "200": {
          "description": "One is.",
          "content": {
           "application/json": {"schema": {"$ref": "#/components/schemas/Status"}}
          }
         },
         "400": {"$ref": "#/components/responses/BadRequest"},
         "403": {"$ref": "#/components/responses/Forbidden"},
         "405": {"$ref": "#/components/responses/MethodNotAllowed"},
         "421": {"$ref": "#/components/responses/Misdirected"},
         "503": {"$ref": "#/components/responses/Unavailable"}
        }
       }
      },
      "/metrics": {
       "get": {
        "operationId": "metrics",
        "summary": "OpenMetrics text.",
        "responses": {
         "200": {
          "description": "Metrics.",
          "content": {
           "application/openmetrics-text": {"schema": {"type": "string"}}
          }
         },
         "400": {"$ref": "#/components/responses/BadRequest"},
         "401": {"$ref": "#/components/responses/Unauthorized"},
         "403": {"$ref": "#/components/responses/Forbidden"},
         "405": {"$ref": "#/components/responses/MethodNotAllowed"},
         "421": {"$ref": "#/components/responses/Misdirected"},
         "429": {"$ref": "#/components/responses/TooManyRequests"},
         "500": {"$ref": "#/components/responses/Failed"},
         "503": {"$ref": "#/components/responses/Unavailable"}
        }
       }
      },
      "/openapi.json": {
       "get": {
        "operationId": "openapi",
        "summary": "This file.",
        "security": [{}],
        "responses": {
         "200": {
          "description": "This file.",
          "content": {
           "application/json": {"schema": {"type": "object"}}
          }
         },
         "400": {"$ref": "#/components/responses/BadRequest"},
         "403": {"$ref": "#/components/responses/Forbidden"},
         "405": {"$ref": "#/components/responses/MethodNotAllowed"},
         "421": {"$ref": "#/components/responses/Misdirected"},
         "503": {"$ref": "#/components/responses/Unavailable"}
        }
       }
      },
      "/mcp": {
       "post": {
        "operationId": "tools",
        "summary": "A message of the Model Context Protocol; only where the server was started with --mcp.",
        "requestBody": {
         "required": true,
         "content": {
          "application/json": {"schema": {"type": "object"}}
         }
        },
        "responses": {
         "200": {
          "description": "The answer.",
          "content": {
           "application/json": {"schema": {"type": "object"}}
          }
         },
         "202": {"description": "A notification was taken."},
         "400": {"$ref": "#/components/responses/BadRequest"},
         "401": {"$ref": "#/components/responses/Unauthorized"},
         "403": {"$ref": "#/components/responses/Forbidden"},
         "404": {"$ref": "#/components/responses/NotFound"},
         "405": {"$ref": "#/components/responses/MethodNotAllowed"},
         "408": {"$ref": "#/components/responses/Timeout"},
         "413": {"$ref": "#/components/responses/TooLarge"},
         "415": {"$ref": "#/components/responses/UnsupportedType"},
         "421": {"$ref": "#/components/responses/Misdirected"},
         "429": {"$ref": "#/components/responses/TooManyRequests"},
         "500": {"$ref": "#/components/responses/Failed"},
         "503": {"$ref": "#/components/responses/Unavailable"}
        }
       }
      }
     },
     "components": {
      "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
      "responses": {
       "BadRequest": {
        "description": "The request cannot be answered as it is.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "Unauthorized": {
        "description": "No token that is known.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "Forbidden": {
        "description": "The token has not the role, or the page is of another origin.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "NotFound": {
        "description": "Not there, or not to be seen by this caller.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "MethodNotAllowed": {
        "description": "Another method.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "Timeout": {
        "description": "The body came too slowly.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "TooLarge": {
        "description": "The body is too large.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "UnsupportedType": {
        "description": "Not application/json.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "Misdirected": {
        "description": "The server answers to another name.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "TooManyRequests": {
        "description": "Too many requests.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "Failed": {
        "description": "The index cannot be read.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       },
       "Unavailable": {
        "description": "Too much waits; ask again later.",
        "content": {
         "application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}
        }
       }
      },
      "schemas": {
       "Query": {
        "type": "object",
        "additionalProperties": false,
        "required": ["query"],
        "properties": {
         "query": {"type": "string", "minLength": 1, "maxLength": \#(limits.queryBytes)},
         "k": {"type": ["integer", "null"], "minimum": 1, "maximum": \#(limits.hitCount)},
         "mode": {"type": ["string", "null"], "enum": ["fused", "vector", "bm25", "sparse", null]},
         "group": {"type": ["string", "null"], "enum": ["duplicates", "document", "none", null]},
         "rerank": {"type": ["boolean", "null"], "description": "false keeps the order of the index where the server has hits ranked anew."},
         "filters": {
          "description": "lang, source, type, uri, meta.KEY, date>= or date<: [\"lang=de\", \"date>=2026-01-01\"] or {\"lang\": [\"de\", \"fr\"], \"date<\": \"2026-02\"}. Those of one field are alternatives. Dates are those of documents, changed or else published; a document without one fits no date.",
          "anyOf": [
           {"type": "null"},
           {"type": "array", "maxItems": \#(limits.filterCount), "items": {"type": "string"}},
           {
            "type": "object",
            "additionalProperties": {
             "anyOf": [
              {"type": "string"},
              {"type": "array", "items": {"type": "string"}}
             ]
            }
           }
          ]
         }
        }
       },
       "Answer": {
        "type": "object",
        "required": ["snapshot", "hits"],
        "properties": {
         "snapshot": {"type": "integer"},
         "hits": {"type": "array", "items": {"$ref": "#/components/schemas/Hit"}},
         "rerank": {
          "description": "Where the hits were to be ranked anew: how many were read, and a warning where nobody ranked them in time.",
          "type": "object",
          "required": ["candidates"],
          "properties": {"candidates": {"type": "integer"}, "warning": {"type": "string"}}
         }
        }
       },
       "Hit": {
        "type": "object",
        "required": [
         "chunk_id",
         "uri",
         "title",
         "source",
         "language",
         "ordinal",
         "start",
         "end",
         "page",
         "headings",
         "score",
         "text",
         "snippet",
         "snapshot"
        ],
        "properties": {
         "chunk_id": {"type": "string"},
         "uri": {"type": "string"},
         "title": {"type": "string"},
         "source": {"type": "string"},
         "language": {"type": "string"},
         "ordinal": {"type": "integer"},
         "start": {"type": "integer", "description": "UTF-8 bytes of the document's clean text."},
         "end": {"type": "integer"},
         "page": {"type": "integer", "description": "0 where the format has no pages."},
         "pageLabel": {"type": ["string", "null"], "description": "The printed number; null where there are no pages."},
         "box": {"type": "array", "items": {"type": "integer"}},
         "origin": {"type": "string", "enum": ["ocr"], "description": "Only where the page was read from a picture of it."},
         "headings": {"type": "array", "items": {"type": "string"}},
         "group": {"type": "string"},
         "score": {"type": "number", "description": "Comparable within one answer only."},
         "text": {"type": "string"},
         "snippet": {"type": "string"},
         "highlights": {
          "type": "array", "items": {"type": "array", "items": {"type": "integer"}},
          "description": "Start and end of each word of the query in the snippet, in UTF-8 bytes."
         },
         "snapshot": {"type": "integer"}
        }
       },
       "Document": {
        "type": "object",
        "required": [
         "id",
         "uri",
         "title",
         "source",
         "language",
         "mediaType",
         "metadata",
         "chunks",
         "snapshot"
        ],
        "properties": {
         "id": {"type": "string"},
         "uri": {"type": "string"},
         "title": {"type": "string"},
         "source": {"type": "string"},
         "language": {"type": "string"},
         "mediaType": {"type": "string"},
         "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
         "chunks": {"type": "array", "items": {"type": "string"}},
         "snapshot": {"type": "integer"}
        }
       },
       "Snapshots": {
        "type": "object",
        "required": ["snapshots"],
        "properties": {
         "snapshots": {
          "type": "array",
          "items": {
           "type": "object",
           "required": ["number", "isLive"],
           "properties": {
            "number": {"type": "integer"},
            "isLive": {"type": "boolean"},
            "digest": {"type": "string"},
            "documents": {"type": "integer"},
            "chunks": {"type": "integer"}
           }
          }
         }
        }
       },
       "Status": {
        "type": "object",
        "required": ["status"],
        "properties": {
         "status": {"type": "string", "enum": ["alive", "ready", "stale"]},
         "snapshot": {"type": "integer"}
        }
       },
       "Failure": {
        "type": "object",
        "required": ["code", "message"],
        "properties": {
         "code": {
          "type": "string",
          "enum": [
           "bad_request",
           "unauthorized",
           "forbidden",
           "not_found",
           "method_not_allowed",
           "timeout",
           "too_large",
           "unsupported_type",
           "misdirected",
           "too_many_requests",
           "failed",
           "unavailable"
          ]
         },
         "message": {"type": "string"}
        }
       }
      }
     }
    }
    """#
}
