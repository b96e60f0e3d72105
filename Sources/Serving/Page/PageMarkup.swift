/// A mill wheel, which a browser would ask for at the root else.
let pageIcon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#2f6db5" stroke-width="3">
    <circle cx="16" cy="16" r="10"/><path d="M16 1v30M1 16h30M5.4 5.4l21.2 21.2M26.6 5.4 5.4 26.6"/></svg>
    """

/// The operator's page: every list is filled by its script, as text.
let pageMarkup = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Millrace</title>
    <link rel="icon" href="/ui/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/ui/style.css">
    <script src="/ui/script.js" defer></script>
    </head>
    <body>
    <a class="skip" href="#main">To the content</a>
    <header>
    <h1>Millrace</h1>
    <p id="who"></p>
    <nav aria-label="Parts" id="parts">
    <button type="button" data-part="runs" aria-current="page">Runs</button>
    <button type="button" data-part="failures">Failures</button>
    <button type="button" data-part="snapshots">Snapshots</button>
    <button type="button" data-part="search">Search</button>
    </nav>
    </header>
    <main id="main" tabindex="-1">
    <p id="message" role="status" aria-live="polite"></p>
    <section id="login" hidden>
    <h2>Who are you?</h2>
    <form id="login-form">
    <label for="token">Token</label>
    <input id="token" type="password" autocomplete="off" required>
    <button type="submit">Enter</button>
    </form>
    <p>It is kept until this window is closed, and sent to this server alone.</p>
    </section>
    <section id="runs" data-section>
    <h2>Now</h2>
    <p id="now">not known yet</p>
    <progress id="bar" max="1" value="0" aria-label="Documents looked at" hidden></progress>
    <h2>Runs</h2>
    <div class="wide"><table id="run-table"></table></div>
    <section id="run-detail" aria-live="polite"></section>
    </section>
    <section id="failures" data-section hidden>
    <h2>Failures</h2>
    <p id="failure-counts"></p>
    <button type="button" id="retry-all" data-action hidden>Try all again</button>
    <div class="wide"><table id="failure-table"></table></div>
    </section>
    <section id="snapshots" data-section hidden>
    <h2>Snapshots</h2>
    <div class="wide"><table id="snapshot-table"></table></div>
    <form id="diff-form">
    <label for="diff-from">From</label> <input id="diff-from" inputmode="numeric" required size="6">
    <label for="diff-to">to</label> <input id="diff-to" inputmode="numeric" required size="6">
    <button type="submit">Compare</button>
    </form>
    <section id="diff" aria-live="polite"></section>
    </section>
    <section id="search" data-section hidden>
    <h2>Search</h2>
    <form id="search-form" role="search">
    <label for="query">Question</label>
    <input id="query" type="search" required>
    <label for="mode">by</label>
    <select id="mode">
    <option value="fused">words and vectors</option>
    <option value="bm25">words</option>
    <option value="vector">vectors</option>
    </select>
    <button type="submit">Search</button>
    </form>
    <ol id="hits"></ol>
    </section>
    </main>
    <dialog id="confirm" aria-labelledby="confirm-text">
    <p id="confirm-text"></p>
    <button type="button" id="confirm-yes">Do it</button>
    <button type="button" id="confirm-no">Leave it</button>
    </dialog>
    <noscript>This page needs its script; the same is told by <code>millrace status</code>.</noscript>
    </body>
    </html>
    """
