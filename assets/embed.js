// <attn-scope>: a live view of attention in any page. The README tells its attributes and messages.
//
//   <script src="https://.../embed.js" defer></script>
//   <attn-scope text="dog bit man" layer="2" head="4" token="dog" controls="simple"></attn-scope>
//
// The view stands in a frame of the origin that this script came from: neither page's styles or scripts reach the
// other. What is written between the tags shows until the frame is there, and stays where it cannot be.

(() => {
  'use strict';

  const script = document.currentScript ?? document.querySelector('script[src*="embed.js"]');
  const HOME = new URL('.', script.src);

  // What the frame is called, and a text that is not known yet; the build adds the other languages (lang/*.ftl).
  const TITLES = { en: ['Attention in “$”', 'a sentence'] };

  const number = Number;
  const flag = (text) => !['0', 'false'].includes(text);
  const places = (text) => text.split(',').map((t) => t.trim()).filter(Boolean).map((t) => (/^\d+$/.test(t) ? Number(t) : t));
  const place = (text) => places(text)[0] ?? null;
  const same = (text) => text;
  // Attributes that are a part of the state, and their values for `attnscope.set`.
  const STATE = {
    text: same, pair: same, tokens: places, view: same, special: same, show: same, side_by_side: flag, words: flag,
    mass: number, inside: flag, downstream: flag, chart: same, sort: same, label: same, from: place, to: place,
  };
  // What is changed in the model: `altered` of the state, one attribute each.
  const ALTERED = { off: places, positions: flag, shuffle: number, temperature: number, causal: flag };
  // Those that a link has and a set has in another form.
  const LINK = ['model', 'hub', 'other', 'compare', ...Object.keys(ALTERED)];
  const OTHERS = ['layer', 'head', 'token', 'controls', 'lock', 'theme', 'lang', 'snapshot', 'lesson'];
  // Those that the frame is made with.
  const FRAME = ['controls', 'lock', 'theme', 'lang', 'snapshot', 'lesson'];
  const NAMES = [...Object.keys(STATE), ...LINK, ...OTHERS];
  const dashed = (name) => name.replaceAll('_', '-');

  const style = new CSSStyleSheet();
  // Important here is above important in the page around.
  style.replaceSync(`
    :host { display: block !important; }
    iframe { display: block; width: 100%; border: 0; background: transparent; color-scheme: normal; }
    iframe.early { position: absolute; visibility: hidden; height: 0; }
  `);

  class AttnScope extends HTMLElement {
    static get observedAttributes() { return NAMES.flatMap((name) => [name, dashed(name)]); }

    #frame = null;
    #watcher = null;
    #asked = new Map();
    #next = 1;
    #state = null;
    #ready = Promise.withResolvers?.() ?? (() => {
      const all = {};
      all.promise = new Promise((resolve, reject) => Object.assign(all, { resolve, reject }));
      return all;
    })();

    /** What is on screen, as `attnscope.state()` tells it; null before there is anything. */
    get state() { return this.#state; }
    /** Resolves when the frame listens. */
    get ready() { return this.#ready.promise; }

    /** Changes what is on screen: any fields of `state`. Resolves when it is drawn. */
    async set(patch) {
      this.#start();
      await this.#ready.promise;
      return this.#ask('set', { patch });
    }

    connectedCallback() {
      // Without it there is nothing to show but what stands between the tags.
      if (typeof WebAssembly !== 'object' || this.#frame) return;
      if (!this.shadowRoot) {
        this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [style];
        this.shadowRoot.append(document.createElement('slot'));
      }
      addEventListener('message', this);
      this.#watcher = new IntersectionObserver((all) => all.some((e) => e.isIntersecting) && this.#start(), { rootMargin: '300px' });
      this.#watcher.observe(this);
    }

    disconnectedCallback() {
      this.#watcher?.disconnect();
      removeEventListener('message', this);
    }

    attributeChangedCallback(name, before, now) {
      if (!this.#frame || before === now) return;
      if (FRAME.includes(name)) this.#frame.src = this.#address();
      else this.set(this.#patch()).catch((error) => console.warn(`attn-scope: ${error.message}`));
    }

    handleEvent({ source, origin, data }) {
      if (origin !== HOME.origin || !source || source !== this.#frame?.contentWindow) return;
      if (data?.type === 'attnscope:hello') this.#begin();
      else if (data?.type === 'attnscope:size') this.#fit(data.height);
      else if (data?.type === 'attnscope:state') {
        this.#state = data.state;
        this.dispatchEvent(new CustomEvent('attnscope:state', { detail: { state: data.state, link: data.link }, bubbles: true, composed: true }));
      } else if (data?.type === 'attnscope:done') {
        const { resolve, reject } = this.#asked.get(data.id) ?? {};
        this.#asked.delete(data.id);
        if (data.error) reject?.(new Error(data.error));
        else resolve?.();
      }
    }

    #get(name) { return this.getAttribute(name) ?? this.getAttribute(dashed(name)); }

    #head() {
      const [layer, head] = [this.#get('layer'), this.#get('head')];
      const both = /^L(\d+) ?H(\d+)$/.exec(head ?? '');
      return both ? [both[1], both[2]] : [layer, head];
    }

    #tokens() { return this.#get('tokens') ?? this.#get('token'); }

    /** The state as a link, where no saved run has one. */
    #link() {
      const link = new URLSearchParams({ v: '1' });
      const put = (name, value) => value !== null && link.set(name, value);
      for (const name of [...Object.keys(STATE), ...LINK]) put(name, this.#get(name));
      const [layer, head] = this.#head();
      if (layer !== null || head !== null) link.set('head', `L${layer ?? 0}H${head ?? 0}`);
      put('tokens', this.#tokens());
      return link;
    }

    /** The state as what `attnscope.set` takes. */
    #patch() {
      const patch = {};
      for (const [name, read] of Object.entries(STATE)) {
        if (this.#get(name) !== null) patch[name] = read(this.#get(name));
      }
      const [layer, head] = this.#head();
      if (layer !== null) patch.layer = Number(layer);
      if (head !== null) patch.head = Number(head);
      if (this.#tokens() !== null) patch.tokens = places(this.#tokens());
      const [model, hub] = [this.#get('model'), this.#get('hub')];
      if (model !== null) patch.model = hub === null ? model : { name: model, hub };
      const other = this.#get('other');
      if (other !== null) patch.compare = { text: other };
      else if (this.#get('compare') !== null) patch.compare = this.#get('compare');
      for (const [name, read] of Object.entries(ALTERED)) {
        if (this.#get(name) === null) continue;
        patch.altered ??= {};
        patch.altered[name === 'off' ? 'heads_off' : name] = read(this.#get(name));
      }
      return patch;
    }

    #address() {
      const address = new URL(HOME);
      address.searchParams.set('embed', '');
      address.searchParams.set('origin', location.origin);
      const lesson = this.#get('lesson');
      // What of the page the lesson shows, its steps say.
      address.searchParams.set('controls', lesson === null ? this.#get('controls') ?? 'full' : 'full');
      for (const name of ['theme', 'lang']) if (this.#get(name)) address.searchParams.set(name, this.#get(name));
      if (this.hasAttribute('lock')) address.searchParams.set('lock', '');
      if (lesson !== null) {
        const steps = lesson.split(/[\s,]+/).filter(Boolean).map(encodeURIComponent).join(',');
        // A new address alone would not load the frame anew when only this changes.
        address.searchParams.set('lesson', steps);
        address.hash = steps ? `/lesson?steps=${steps}` : '/lesson';
      } else if (this.#get('snapshot')) address.searchParams.set('saved', '');
      else address.hash = this.#link();
      return address.href;
    }

    /** The frame's name, in the language that it will speak. */
    #title() {
      const asked = [this.#get('lang') ?? [], navigator.languages].flat().map((tag) => tag.toLowerCase().split('-')[0]);
      const [named, sentence] = TITLES[asked.find((code) => code in TITLES) ?? 'en'];
      return named.replace('$', () => this.#get('text') ?? sentence);
    }

    #start() {
      if (this.#frame || !this.shadowRoot) return;
      this.#watcher?.disconnect();
      const frame = document.createElement('iframe');
      frame.className = 'early';
      frame.title = this.#title();
      frame.allow = 'clipboard-write';
      frame.src = this.#address();
      this.#frame = frame;
      this.shadowRoot.append(frame);
    }

    /** The frame listens: it gets its saved run, and what the attributes say of it. */
    async #begin() {
      if (this.#get('snapshot') && this.#get('lesson') === null) {
        try {
          const answer = await fetch(new URL(this.#get('snapshot'), document.baseURI));
          if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
          await this.#ask('snapshot', { bytes: await answer.arrayBuffer() });
          const patch = this.#patch();
          if (Object.keys(patch).length) await this.#ask('set', { patch });
        } catch (error) {
          console.warn(`attn-scope: ${error.message}`);
          // The attributes alone, and the model.
          this.#post('live', {});
          this.#ask('set', { patch: this.#patch() }).catch(() => {});
        }
      }
      this.#ready.resolve();
    }

    #fit(height) {
      if (!(height > 0 && height < 20000)) return;
      this.#frame.style.height = `${height}px`;
      if (this.#frame.className) {
        this.#frame.className = '';
        this.shadowRoot.querySelector('slot')?.remove();
      }
    }

    #ask(what, fields) {
      const id = this.#next++;
      return new Promise((resolve, reject) => {
        this.#asked.set(id, { resolve, reject });
        this.#post(what, { id, ...fields });
      });
    }

    #post(what, fields) {
      this.#frame.contentWindow.postMessage({ type: `attnscope:${what}`, ...fields }, HOME.origin);
    }
  }

  if (!customElements.get('attn-scope')) customElements.define('attn-scope', AttnScope);
})();
