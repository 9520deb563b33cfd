// <attn-scope>: a live view of attention in any page. The README tells its attributes and messages.
//
//   <script src="https://.../embed.js" defer></script>
//   <attn-scope text="dog bit man" layer="2" head="4" token="dog" controls="simple"></attn-scope>
//
// The view stands in a frame of the origin that this script came from: neither page's styles or scripts reach the
// other. What is written between the tags shows until the frame is there, and stays where it cannot be.

(() => {
  'use strict';

  const HOME = home();
  if (!HOME) {
    console.error('attn-scope: this script cannot tell where it was loaded from. Load it from the folder of the page that '
      + 'is to be shown, by <script src="https://.../embed.js"> or import "https://.../embed.js", not inline, not in a bundle.');
    return;
  }

  // A file and a frame in a sandbox have no origin that a message could name: there the window says who it is.
  const isWeb = (origin) => /^https?:\/\//.test(origin);
  const NO_ORIGIN = !isWeb(self.origin) || !isWeb(HOME.href);
  // How high a lesson is that cannot say how high it needs to be, and how long it has to say so once it is loaded.
  const [HEIGHT, PATIENCE] = [480, 5000];
  // What each kind of frame needs besides the sentence, in pixels, wide and narrow, as the style sheet has it: the caption
  // and the line under it, the bars, the pictures, the inspector.
  const NARROW = 600;
  // What is shown where nothing else is asked for.
  const FIRST = 'The trophy did not fit in the bag because it was too big.';
  const REST = {
    none: { wide: 82, narrow: 88 },
    simple: { wide: 424, narrow: 454, closed: { wide: 174, narrow: 194 }, lock: { wide: 332, narrow: 348 } },
    full: { wide: 644, narrow: 620, lock: { wide: 382, narrow: 348 } },
  };

  /** How high the sentence is in a frame of this width, from the number of its characters. */
  function sentenceHeight(width, text) {
    const words = text.split(/\s+/).filter(Boolean).length * 1.1 + 3;
    // A token has its characters and some room around them.
    const across = [...text].length * 8.6 + words * 18;
    const room = width - 24;
    if (width >= 504 && words <= 40 && across <= room * 1.15) return 216;
    // A longer text is scrolled in a box of this height.
    const lines = words > 48 ? 4 : Math.ceil(across / room * 1.08);
    // Lines have no room for the title, which wide frames show.
    const title = width < NARROW ? 0 : 30;
    return Math.max(170, Math.round(lines * 40 + 18 + title));
  }

  /** The folder of this script; null where nobody says which that is. */
  function home() {
    // A classic script has an element. A module has none, and an error that it makes names its address.
    const address = document.currentScript ? document.currentScript.src : madeAt(new Error().stack);
    try {
      return new URL('.', address);
    } catch {
      return null;
    }
  }

  /** The address in the first line of a stack that has one; none where the code was evaluated from a text. */
  function madeAt(stack = '') {
    const line = stack.split('\n').find((line) => /(https?|file):\/\//.test(line)) ?? '';
    if (/\beval at | > (eval|Function)\b/.test(line)) return '';
    return /(?:^|[\s(@])((?:https?|file):\/\/.+?)(?::\d+){1,2}\)?$/.exec(line)?.[1] ?? '';
  }

  // What the frame is called, and a text that is not known yet; the build adds the other languages (lang/*.ftl).
  const TITLES = { en: ['Attention in “$”', 'a sentence'] };

  // Attributes that are fields of a link, which the frame reads.
  const LINK = [
    'text', 'pair', 'model', 'hub', 'tokens', 'token', 'from', 'to', 'other', 'compare', 'view', 'special',
    'show', 'side_by_side', 'numbers', 'words', 'mass', 'inside', 'downstream', 'chart', 'sort', 'label', 'off',
    'positions', 'shuffle', 'temperature', 'causal',
  ];
  // Those that the frame is made with, and what is on screen is as before.
  const LOOK = ['controls', 'grid', 'lock', 'theme', 'lang'];
  // Those that the frame is made with, and what is on screen is another's.
  const FRAME = [...LOOK, 'snapshot', 'lesson'];
  const NAMES = [...LINK, ...FRAME, 'layer', 'head'];
  const dashed = (name) => name.replaceAll('_', '-');
  // As HTML and JSX write attributes: the name alone is true.
  const isOn = (text) => text !== null && !['0', 'false'].includes(text.trim());

  // Important here is above important in the page around.
  const STYLE = `
    :host { display: block !important; }
    iframe { display: block; width: 100%; border: 0; background: transparent; color-scheme: normal; }
    iframe.early { position: absolute; visibility: hidden; height: 0; }
  `;
  // Documents do not share style sheets.
  const styles = new WeakMap();
  function style(doc) {
    if (!styles.has(doc)) {
      const sheet = new doc.defaultView.CSSStyleSheet();
      sheet.replaceSync(STYLE);
      styles.set(doc, sheet);
    }
    return styles.get(doc);
  }

  /** A promise and what settles it; nobody has to hear that it was rejected. */
  function deferred() {
    const all = {};
    all.promise = new Promise((resolve, reject) => Object.assign(all, { resolve, reject }));
    all.promise.catch(() => {});
    return all;
  }

  class AttnScope extends HTMLElement {
    static get observedAttributes() { return NAMES.flatMap((name) => [name, dashed(name)]); }

    #window = null;
    #frame = null;
    #watcher = null;
    #sizer = null;
    #late = 0;
    // What the frame's messages are sent to.
    #peer = HOME.origin;
    #asked = new Map();
    #next = 1;
    #state = null;
    // The link to what was on screen last, unless attributes have changed since. A frame that is made anew begins with it.
    #last = null;
    #height = 0;
    #shown = false;
    #changed = new Set();
    #ready = deferred();

    /** Where the view is from. */
    static get home() { return HOME.href; }

    /** What is on screen, as `attnscope.state()` tells it; null before there is anything. */
    get state() { return this.#state; }
    /** Resolves when the frame listens. */
    get ready() { return this.#ready.promise; }

    /** Changes what is on screen: any fields of `state`. Resolves when it is drawn. */
    async set(patch) {
      if (typeof WebAssembly !== 'object') throw new Error('attn-scope: this browser has no WebAssembly');
      this.#start();
      await this.#ready.promise;
      return this.#ask('set', { patch });
    }

    connectedCallback() {
      // Without it there is nothing to show but what stands between the tags.
      if (typeof WebAssembly !== 'object' || this.#frame || !this.ownerDocument.defaultView) return;
      if (!this.shadowRoot) {
        this.attachShadow({ mode: 'open' });
        this.shadowRoot.append(document.createElement('slot'));
      }
      this.shadowRoot.adoptedStyleSheets = [style(this.ownerDocument)];
      this.#window = this.ownerDocument.defaultView;
      this.#window.addEventListener('message', this);
      const near = (all) => all.some((e) => e.isIntersecting) && this.#start();
      this.#watcher = new IntersectionObserver(near, { rootMargin: '300px' });
      this.#watcher.observe(this);
      this.#size();
      this.#sizer = new ResizeObserver(() => this.#size());
      this.#sizer.observe(this);
    }

    /** A frame that leaves its page has no window any more: the view is made anew where the element comes next. */
    disconnectedCallback() {
      this.#watcher?.disconnect();
      this.#sizer?.disconnect();
      this.#window?.removeEventListener('message', this);
      this.#window = null;
      this.#drop('the element was taken out of its page');
    }

    /** Moved as a whole, by `moveBefore`: the frame lives on. */
    connectedMoveCallback() {}

    attributeChangedCallback(name, before, now) {
      if (before === now) return;
      const field = name.replaceAll('-', '_');
      if (!LOOK.includes(field)) this.#last = null;
      if (this.#window) this.#size();
      if (!this.#frame) return;
      // Several in one turn are one change.
      if (!this.#changed.size) queueMicrotask(() => this.#change());
      this.#changed.add(field);
    }

    #change() {
      const names = [...this.#changed];
      this.#changed.clear();
      if (!this.#frame) return;
      if (names.some((name) => FRAME.includes(name))) {
        this.#drop('the view is made anew with other attributes');
        this.#start();
        return;
      }
      const gone = names.filter((name) => this.#get(name) === null).join(',');
      this.#ready.promise.then(() => this.#ask('attributes', { link: `${this.#link()}`, gone }))
        .catch((error) => console.warn(`attn-scope: ${error.message}`));
    }

    handleEvent({ source, origin, data }) {
      if (!source || source !== this.#frame?.contentWindow) return;
      if (origin !== HOME.origin && (!NO_ORIGIN || isWeb(origin))) return;
      if (data?.type === 'attnscope:hello') {
        this.#peer = isWeb(origin) ? origin : '*';
        if (this.#height) this.#fit(this.#height);
        this.#begin();
      } else if (data?.type === 'attnscope:size') this.#fit(data.height);
      else if (data?.type === 'attnscope:leave') this.#frame.blur();
      else if (data?.type === 'attnscope:fault') this.#tell('fault', { message: data.message });
      else if (data?.type === 'attnscope:state') {
        const { state, link, cause } = data;
        [this.#state, this.#last] = [state, link];
        this.#tell('state', { state, link, cause });
      } else if (data?.type === 'attnscope:done') {
        const { resolve, reject } = this.#asked.get(data.id) ?? {};
        this.#asked.delete(data.id);
        if (data.error) reject?.(new Error(data.error));
        else resolve?.();
      }
    }

    #tell(what, detail) {
      this.dispatchEvent(new CustomEvent(`attnscope:${what}`, { detail, bubbles: true, composed: true }));
    }

    #get(name) { return this.getAttribute(name) ?? this.getAttribute(dashed(name)); }

    /** What the attributes say, as a link. */
    #link() {
      const link = new URLSearchParams();
      const put = (name, value) => value !== null && link.set(name, value);
      for (const name of LINK) put(name, this.#get(name));
      if (link.has('tokens')) link.delete('token');
      const [layer, head] = [this.#get('layer'), this.#get('head')];
      if (/^L/.test(head ?? '')) link.set('head', head);
      else if (layer !== null || head !== null) link.set('head', `L${layer ?? 0}H${head ?? 0}`);
      return link;
    }

    #address() {
      // A file has no server that would show it for its folder.
      const address = new URL(HOME.protocol === 'file:' ? 'index.html' : '', HOME);
      address.searchParams.set('embed', '');
      address.searchParams.set('origin', self.origin);
      const lesson = this.#get('lesson');
      // What of the page the lesson shows, its steps say.
      address.searchParams.set('controls', lesson === null ? this.#get('controls') ?? 'full' : 'full');
      for (const name of ['theme', 'lang', 'grid']) if (this.#get(name)) address.searchParams.set(name, this.#get(name));
      if (isOn(this.#get('lock'))) address.searchParams.set('lock', '');
      if (lesson !== null) {
        const steps = lesson.split(/[\s,]+/).filter(Boolean).map(encodeURIComponent).join(',');
        // A new address alone would not load the frame anew when only this changes.
        address.searchParams.set('lesson', steps);
        address.hash = steps ? `/lesson?steps=${steps}` : '/lesson';
      } else if (this.#get('snapshot')) address.searchParams.set('saved', '');
      else address.hash = this.#last ?? `v=1&${this.#link()}`;
      return address.href;
    }

    /** The frame's name, in the language that it will speak. */
    #title() {
      const asked = [this.#get('lang') ?? [], navigator.languages].flat().map((tag) => tag.toLowerCase().split('-')[0]);
      const [named, sentence] = TITLES[asked.find((code) => code in TITLES) ?? 'en'];
      return named.replace('$', () => this.#get('text') ?? sentence);
    }

    /** The height in pixels of a view with these attributes at this width. */
    static height(width, controls, lock, grid, text) {
      const all = REST[controls] ?? REST.full;
      const rest = (lock && all.lock) || (grid === 'closed' && all.closed) || all;
      return sentenceHeight(width, text) + (width < NARROW ? rest.narrow : rest.wide);
    }

    /** The height that the attributes and the width of the element ask for; 0 for a lesson, which says it itself. */
    #needed() {
      if (this.#get('lesson') !== null) return 0;
      const [controls, grid] = [this.#get('controls'), this.#get('grid')];
      const text = [this.#get('text') ?? FIRST, this.#get('pair') ?? ''].join(' ');
      return AttnScope.height(this.getBoundingClientRect().width, controls, isOn(this.#get('lock')), grid, text);
    }

    /** Gives the frame its height before anything is loaded into it, and again when the element has another width. */
    #size() {
      const height = this.#needed();
      if (!height || height === this.#height) return;
      this.#height = height;
      this.style.setProperty('min-height', `${height}px`);
      if (this.#frame) this.#frame.style.height = `${height}px`;
    }

    #start() {
      if (this.#frame || !this.#window) return;
      this.#watcher?.disconnect();
      const frame = document.createElement('iframe');
      frame.title = this.#title();
      frame.allow = 'clipboard-write';
      frame.src = this.#address();
      if (this.#height) frame.style.height = `${this.#height}px`;
      // What stands between the tags is seen until the frame is there; one that is shown again takes its place at once.
      if (!this.#shown) frame.className = 'early';
      if (NO_ORIGIN) frame.addEventListener('load', () => this.#wait(), { once: true });
      this.#frame = frame;
      this.shadowRoot.append(frame);
    }

    /** Ends the frame, and all that was asked of it. */
    #drop(why) {
      const gone = new Error(`attn-scope: ${why}`);
      this.#reject(gone);
      this.#ready.reject(gone);
      this.#ready = deferred();
      clearTimeout(this.#late);
      this.#frame?.remove();
      this.#frame = null;
    }

    #reject(error) {
      for (const { reject } of this.#asked.values()) reject(error);
      this.#asked.clear();
    }

    /** Shows a frame that does not say how high it is. */
    #wait() {
      this.#late = setTimeout(() => {
        if (this.#shown) return;
        console.warn(`attn-scope: the view at ${HOME} does not answer, as this page has no origin: it is a file, or stands `
          + `in a sandbox without allow-same-origin. It is shown ${this.#height || HEIGHT} pixels high, and set() and events do not work. `
          + 'Serve this page over http, or allow the sandbox its origin.');
        this.#fit(this.#height || HEIGHT);
      }, PATIENCE);
    }

    /** The frame listens: it gets its saved run, and what the attributes say of it. */
    async #begin() {
      // It may have been loaded anew by its reader.
      this.#reject(new Error('attn-scope: the view was loaded anew'));
      const ready = this.#ready;
      if (this.#get('snapshot') && this.#get('lesson') === null) {
        const frame = this.#frame;
        let bytes = null;
        try {
          const answer = await fetch(new URL(this.#get('snapshot'), document.baseURI));
          if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
          bytes = await answer.arrayBuffer();
        } catch (error) {
          console.warn(`attn-scope: ${error.message}`);
        }
        if (this.#frame !== frame) return;
        // Without bytes, or where they are no saved run of this text, the frame takes the attributes alone, and the model.
        const state = { link: this.#last ?? `${this.#link()}`, whole: this.#last !== null };
        await this.#ask('snapshot', { bytes, ...state }).catch((error) => bytes && console.warn(`attn-scope: ${error.message}`));
      }
      ready.resolve();
    }

    #fit(height) {
      if (!(height > 0 && height < 20000)) return;
      this.#height = height;
      this.#frame.style.height = `${height}px`;
      if (!this.#shown) {
        this.#shown = true;
        this.#frame.className = '';
        this.shadowRoot.querySelector('slot')?.remove();
      }
    }

    #ask(what, fields) {
      const id = this.#next++;
      return new Promise((resolve, reject) => {
        if (!this.#frame) return reject(new Error('attn-scope: the element is not in a page'));
        // What cannot be sent is refused here.
        this.#frame.contentWindow.postMessage({ type: `attnscope:${what}`, id, ...fields }, this.#peer);
        return this.#asked.set(id, { resolve, reject });
      });
    }
  }

  const first = customElements.get('attn-scope');
  if (!first) customElements.define('attn-scope', AttnScope);
  else if (first.home !== HOME.href) {
    console.warn(`attn-scope: this page has the views of ${first.home} already; ${HOME} is left out.`);
  }
})();
