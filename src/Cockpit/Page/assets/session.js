// Who one is for the node. A code in the fragment of the address logs in, and leaves the address at once.

import { ask } from './api.js';
import { setText } from './dom.js';

const rights = ['none', 'state', 'data', 'act'];
const $ = id => document.getElementById(id);

export class Session {
  #onChange;
  name = 'nobody';
  right = 'none';

  constructor(onChange) {
    this.#onChange = onChange;
    $('login-open').addEventListener('click', () => this.open());
    $('login-close').addEventListener('click', () => $('login').close());
    $('logout').addEventListener('click', () => this.#logout());
    $('login-form').addEventListener('submit', event => {
      event.preventDefault();
      this.#loginByToken();
    });
    window.addEventListener('hashchange', () => this.#redeem());
  }

  async start() {
    if (!await this.#redeem()) await this.refresh();
  }

  has(right) {
    return rights.indexOf(this.right) >= rights.indexOf(right);
  }

  /** Opens the form. */
  open(why = '') {
    setText($('login-error'), why);
    if (!$('login').open) $('login').showModal();
    $('token').focus();
  }

  async refresh() {
    try {
      this.#become(await ask('api/v1/session'));
    } catch (e) {
      this.#become({ name: 'nobody', right: 'none' });
      if (e.status === 429) this.open(e.message);
    }
  }

  async #redeem() {
    const code = new URLSearchParams(location.hash.slice(1)).get('code');
    if (!code) return false;
    history.replaceState(null, '', location.pathname + location.search);
    try {
      this.#become(await ask('login', { method: 'POST', body: { code } }));
    } catch (e) {
      await this.refresh();
      this.open(e.message);
    }
    return true;
  }

  async #loginByToken() {
    const token = $('token').value.trim();
    $('token').value = '';
    try {
      this.#become(await ask('login', { method: 'POST', body: { token } }));
      $('login').close();
    } catch (e) {
      this.open(e.message);
    }
  }

  async #logout() {
    try {
      await ask('logout', { method: 'POST' });
    } finally {
      await this.refresh();
    }
  }

  #become({ name, right }) {
    this.name = name;
    this.right = right;
    const isLoggedIn = name !== 'loopback' && name !== 'nobody';
    const about = { none: 'may see nothing yet', state: 'may see figures', data: 'may see figures and records', act: 'may see and do all' };
    setText($('who'), isLoggedIn ? `${name} · ${about[right] ?? right}` : `not logged in · ${about[right] ?? right}`);
    $('logout').hidden = !isLoggedIn;
    $('login-open').hidden = isLoggedIn;
    this.#onChange();
  }
}
