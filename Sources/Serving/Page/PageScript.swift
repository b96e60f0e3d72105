/// What fills the operator's page.
///
/// Whatever a server says of documents is put in as text, never as markup. The token lives in the window's storage and
/// goes out in a header alone, so that no other page can send it.
let pageScript = """
    'use strict';
    const $ = (id) => document.getElementById(id);
    const state = { session: null, part: 'runs', stream: 0 };

    function make(name, text, className) {
      const element = document.createElement(name);
      if (text !== undefined) element.textContent = text;
      if (className) element.className = className;
      return element;
    }

    function say(text, isBad) {
      const place = $('message');
      place.textContent = text;
      place.className = isBad ? 'bad' : '';
    }

    function headers(more) {
      const all = Object.assign({}, more);
      const token = sessionStorage.getItem('token');
      if (token) all['Authorization'] = 'Bearer ' + token;
      return all;
    }

    async function ask(path, body) {
      const options = { headers: headers(), cache: 'no-store' };
      if (body !== undefined) {
        options.method = 'POST';
        options.body = JSON.stringify(body);
        options.headers['Content-Type'] = 'application/json';
        if (state.session) options.headers['X-Millrace-CSRF'] = state.session.csrf;
      }
      const response = await fetch(path, options);
      const answer = await response.json();
      if (response.ok) return answer;
      if (response.status === 401) enter();
      throw new Error(answer.message || 'the server answered ' + response.status);
    }

    async function guarded(work) {
      try { await work(); } catch (error) { say(error.message, true); }
    }

    function enter() {
      state.session = null;
      $('login').hidden = false;
      for (const section of document.querySelectorAll('[data-section]')) section.hidden = true;
      $('token').focus();
    }

    function number(value) { return value === undefined || value === null ? '-' : value.toLocaleString('en'); }

    function time(milliseconds) {
      if (!milliseconds) return '-';
      return new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 16) + ' UTC';
    }

    function fill(table, heads, rows) {
      const head = make('tr');
      for (const text of heads) {
        const cell = make('th', text);
        cell.scope = 'col';
        head.append(cell);
      }
      const top = make('thead');
      top.append(head);
      const body = make('tbody');
      for (const row of rows) {
        const line = make('tr');
        for (const value of row) {
          const cell = make('td');
          if (value instanceof Node) cell.append(value);
          else cell.textContent = value;
          line.append(cell);
        }
        body.append(line);
      }
      table.replaceChildren(top, body);
    }

    function button(text, action, isAction, what) {
      const element = make('button', text);
      if (what) element.setAttribute('aria-label', text + ': ' + what);
      element.type = 'button';
      element.addEventListener('click', () => guarded(action));
      if (isAction && !state.session.isOperator) element.hidden = true;
      return element;
    }

    function confirmed(text) {
      const dialog = $('confirm');
      $('confirm-text').textContent = text;
      dialog.showModal();
      return new Promise((resolve) => {
        const end = (answer) => { dialog.close(); resolve(answer); };
        $('confirm-yes').onclick = () => end(true);
        $('confirm-no').onclick = () => end(false);
        dialog.oncancel = () => resolve(false);
      });
    }

    function list(place, pairs) {
      const terms = make('dl');
      for (const [name, value] of pairs) {
        terms.append(make('dt', name, 'soft'), make('dd', value));
      }
      place.append(terms);
    }

    const parts = {
      async runs() {
        const answer = await ask('/ui/api/runs');
        fill($('run-table'), ['Run', 'Verb', 'Status', 'Phase', 'Exit', 'Started', 'Seconds', ''],
          answer.runs.map((run) => [
            String(run.id), run.verb, run.status, run.phase, number(run.exitCode), time(run.startedMilliseconds),
            run.finishedMilliseconds
              ? ((run.finishedMilliseconds - run.startedMilliseconds) / 1000).toFixed(1) : '-',
            button('Show', () => showRun(run.id), false, 'run ' + run.id),
          ]));
        watch();
      },
      async failures() {
        const answer = await ask('/ui/api/failures');
        const counts = Object.entries(answer.counts).map(([name, count]) => name + ' ' + number(count));
        $('failure-counts').textContent = counts.length ? counts.join(', ') : 'nothing failed';
        $('retry-all').hidden = !state.session.isOperator || answer.failures.length === 0;
        fill($('failure-table'), ['Document', 'State', 'Stage', 'Code', 'Message', ''],
          answer.failures.slice(0, 500).map((failure) => [
            failure.uri, failure.state, failure.stage, failure.code, failure.message,
            button('Try again', () => retry([failure.id], failure.uri), true, failure.uri),
          ]));
      },
      async snapshots() {
        const answer = await ask('/ui/api/snapshots');
        fill($('snapshot-table'), ['Number', '', 'Published', 'Documents', 'Chunks', 'Digest', ''],
          answer.snapshots.map((item) => [
            String(item.number), marks(item), time(item.createdMilliseconds), number(item.documents),
            number(item.chunks), item.digest.slice(0, 12),
            item.isLive || item.state === 'rejected'
              ? '' : button('Serve this one', () => goBack(item.number), true, 'snapshot ' + item.number),
          ]));
        const numbers = answer.snapshots.map((item) => item.number);
        if (numbers.length > 1 && !$('diff-from').value) {
          $('diff-from').value = numbers[1];
          $('diff-to').value = numbers[0];
        }
      },
      async search() { $('query').focus(); },
    };

    function marks(item) {
      const own = item.isLive ? ['live'] : [];
      if (item.state === 'rejected') own.push('waits');
      if (item.isPinned) own.push('pinned');
      return own.concat(item.channels || []).join(' ');
    }

    async function showRun(id) {
      const answer = await ask('/ui/api/runs/' + id);
      const place = $('run-detail');
      place.replaceChildren(make('h2', 'Run ' + id));
      const summary = answer.summary || {};
      const accounts = summary.accounts || {};
      list(place, [
        ['Outcome', summary.outcome || answer.run && answer.run.status || '-'],
        ['Documents', ['listed', 'indexed', 'duplicates', 'excluded', 'held', 'failed', 'stale']
          .map((name) => name + ' ' + number(accounts[name])).join(', ')],
        ['Changes', ['added', 'changed', 'removed', 'unchanged', 'renamed']
          .map((name) => name + ' ' + number(summary[name])).join(', ')],
        ['Chunks', 'embedded ' + number(summary.chunksEmbedded) + ', reused ' + number(summary.chunksReused)],
        ['Redacted', Object.entries(summary.redactions || {}).map(([kind, count]) => kind + ' ' + count).join(', ')
          || 'nothing'],
      ]);
      const table = make('table');
      fill(table, ['Stage', 'Documents', 'Failures', 'Seconds'], (summary.stages || []).map((stage) => [
        stage.stage, number(stage.documents), number(stage.failures), stage.seconds.toFixed(2),
      ]));
      place.append(table);
      if (summary.gate) {
        place.append(make('h2', summary.gate.passed ? 'Gate: passed' : 'Gate: failed'));
        const checks = make('table');
        fill(checks, ['', 'Measure', 'Was', 'Now', 'Limit'], summary.gate.checks.map((check) => [
          check.passed ? 'ok' : 'FAIL', check.metric, short(check.was), short(check.now), short(check.limit),
        ]));
        place.append(checks);
      }
    }

    function short(value) {
      if (value === undefined || value === null) return '-';
      return Number.isInteger(value) ? number(value) : value.toFixed(4);
    }

    async function retry(documents, what) {
      if (!await confirmed('Try ' + what + ' again with the next sync?')) return;
      const answer = await ask('/ui/api/retry', { documents });
      say(answer.retried + ' will be tried again by the next sync');
      await parts.failures();
    }

    async function goBack(number) {
      if (!await confirmed('Serve snapshot ' + number + ' from now on? The next run that publishes takes its place.')) return;
      const answer = await ask('/ui/api/rollback', { number });
      say('snapshot ' + answer.to + ' is live');
      await parts.snapshots();
    }

    function shown(progress) {
      if (!progress.run) return 'no run yet';
      const what = progress.verb + ' ' + progress.run;
      if (!progress.isAtWork) return what + ': ' + progress.status + '; snapshot ' + (progress.snapshot || 'none') + ' is live';
      return what + ' is at work: ' + progress.phase + ', ' + number(progress.done) + ' of ' + number(progress.pending)
        + ' documents, ' + number(progress.inFlight) + ' in hand';
    }

    async function watch() {
      const own = ++state.stream;
      while (own === state.stream && state.part === 'runs' && state.session) {
        try {
          const response = await fetch('/ui/api/progress', { headers: headers() });
          if (!response.ok) return;
          const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
          let text = '';
          for (;;) {
            const { value, done } = await reader.read();
            if (done) break;
            if (own !== state.stream || state.part !== 'runs') { reader.cancel(); return; }
            text += value;
            for (let end = text.indexOf('\\n\\n'); end >= 0; end = text.indexOf('\\n\\n')) {
              const line = text.slice(0, end).split('\\n').find((one) => one.startsWith('data: '));
              text = text.slice(end + 2);
              if (line) showProgress(JSON.parse(line.slice(6)));
            }
          }
        } catch (error) {
          await new Promise((resolve) => setTimeout(resolve, 3000));
        }
      }
    }

    function showProgress(progress) {
      $('now').textContent = shown(progress);
      const bar = $('bar');
      bar.hidden = !progress.isAtWork || !progress.pending;
      if (progress.pending) { bar.max = progress.pending; bar.value = progress.done; }
    }

    async function search() {
      const mode = $('mode').value;
      const answer = await ask('/ui/api/search', { query: $('query').value, k: 10, mode });
      const hits = answer.hits.map((hit) => {
        const item = make('li');
        item.append(make('h3', hit.title || hit.uri));
        const page = hit.page ? ', page ' + (hit.pageLabel || hit.page) : '';
        item.append(make('p', hit.uri + page + ', bytes ' + hit.start + ' to ' + hit.end + ', chunk '
          + (hit.chunk_id || hit.id || ''), 'soft'));
        item.append(make('p', hit.snippet || hit.text || ''));
        const why = make('details');
        why.append(make('summary', 'score ' + Number(hit.score).toFixed(4)));
        if (hit.explanation) why.append(make('pre', JSON.stringify(hit.explanation, null, 2)));
        item.append(why);
        return item;
      });
      $('hits').replaceChildren(...hits);
      say(answer.hits.length + ' hits in snapshot ' + answer.snapshot);
    }

    async function diff() {
      const from = $('diff-from').value.trim(), to = $('diff-to').value.trim();
      const answer = await ask('/ui/api/diff/' + encodeURIComponent(from) + '/' + encodeURIComponent(to));
      const place = $('diff');
      place.replaceChildren();
      list(place, ['added', 'removed', 'changed', 'unchanged'].map((name) => [name, number(answer[name])]));
      for (const name of ['added', 'removed', 'changed']) {
        const uris = answer[name + 'URIs'] || [];
        if (uris.length === 0) continue;
        place.append(make('h3', name + ', the first'));
        const items = make('ul');
        for (const uri of uris) items.append(make('li', uri));
        place.append(items);
      }
    }

    function open(part) {
      state.part = part;
      history.replaceState(null, '', '#' + part);
      for (const one of $('parts').querySelectorAll('button')) {
        if (one.dataset.part === part) one.setAttribute('aria-current', 'page');
        else one.removeAttribute('aria-current');
      }
      for (const section of document.querySelectorAll('[data-section]')) section.hidden = section.id !== part;
      say('');
      guarded(parts[part]);
    }

    async function begin() {
      const response = await fetch('/ui/api/session', { headers: headers(), cache: 'no-store' });
      if (!response.ok) return enter();
      state.session = await response.json();
      $('login').hidden = true;
      $('who').textContent = state.session.name + (state.session.isOperator ? ', operator' : ', reader');
      const asked = location.hash.slice(1);
      open(!state.session.isWhole ? 'search' : parts[asked] ? asked : 'runs');
    }

    document.addEventListener('DOMContentLoaded', () => {
      $('parts').addEventListener('click', (event) => {
        if (event.target.dataset.part && state.session) open(event.target.dataset.part);
      });
      $('login-form').addEventListener('submit', (event) => {
        event.preventDefault();
        sessionStorage.setItem('token', $('token').value.trim());
        $('token').value = '';
        guarded(begin);
      });
      $('search-form').addEventListener('submit', (event) => { event.preventDefault(); guarded(search); });
      $('diff-form').addEventListener('submit', (event) => { event.preventDefault(); guarded(diff); });
      $('retry-all').addEventListener('click', () => guarded(() => retry([], 'every document that failed')));
      guarded(begin);
    });
    """
