/// How the operator's page looks: by the colours that the reader's system prefers, and on a phone.
let pageStyle = """
    :root {
      color-scheme: light dark;
      --ink: #1c2326; --paper: #fbfbf8; --line: #c9cec9; --soft: #59645f; --mark: #0b5f6b; --bad: #a3261b;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ink: #e7ebe7; --paper: #14191a; --line: #3a4442; --soft: #a3aea8; --mark: #6fcbd6; --bad: #ff9a8d;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, sans-serif;
    }
    [hidden] { display: none; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: 0.5rem; }
    header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: baseline;
      border-bottom: 1px solid var(--line); padding-bottom: 0.5rem; }
    h1 { font-size: 1.25rem; margin: 0; }
    h2 { font-size: 1.1rem; margin: 1.5rem 0 0.5rem; }
    #who { color: var(--soft); margin: 0; }
    nav { display: flex; flex-wrap: wrap; gap: 0.5rem; }
    button, input, select {
      font: inherit; color: inherit; background: transparent; border: 1px solid var(--line);
      border-radius: 0.3rem; padding: 0.3rem 0.7rem; min-height: 2.4rem; max-width: 100%;
    }
    select option { color: #1c2326; background: #fbfbf8; }
    button { cursor: pointer; }
    button[aria-current] { border-color: var(--mark); color: var(--mark); font-weight: 600; }
    :focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
    form { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin: 0.75rem 0; }
    #query { flex: 1 1 16rem; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; padding: 0.3rem 0.75rem 0.3rem 0; border-bottom: 1px solid var(--line);
      vertical-align: top; }
    td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
    progress { width: 100%; accent-color: var(--mark); }
    #message { min-height: 1.5rem; color: var(--mark); }
    #message.bad, .bad { color: var(--bad); }
    .soft { color: var(--soft); }
    #hits li { margin-bottom: 1.25rem; }
    #hits h3 { font-size: 1rem; margin: 0; }
    #hits p { margin: 0.2rem 0; overflow-wrap: anywhere; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0.3rem 0; }
    dd { margin: 0; overflow-wrap: anywhere; }
    dialog { color: var(--ink); background: var(--paper); border: 1px solid var(--line);
      border-radius: 0.4rem; max-width: 30rem; }
    """
