/**
 * What one person does with the bot: its commands, components and forms. Part of a session.
 *
 * Answers that are messages come with the other events; here are only the forms that the bot opens, what it
 * suggests, and refusals.
 */
import { api } from "./api.js";
import { packAll } from "./files.js";

const MODAL = 9;
const CHOICES = 8;
const SILENT = 424; // the application did not respond

export class Interactions {
  constructor(session) {
    this.session = session;
    this.drafts = new Map(); // custom_id of a form to what was left in it
    this.known = new Set(); // channels whose commands were read, or are being read
    this.edition = 0;
  }

  get me() {
    return this.session.state.me;
  }

  /** The commands read so far may be others now: read them again where they are wanted. Until then they stay. */
  renew() {
    this.edition++;
    this.known.clear();
    this.session.store.set((state) => ({ ...state }));
  }

  /** Read which commands this person may use in `channel`, unless that is known. */
  async readCommands(channel) {
    if (this.known.has(channel)) return;
    this.known.add(channel);
    const { edition } = this;
    // Without an answer there is nothing to offer; the next event or reconnection reads again.
    const commands = await api.commands(this.me, channel, this.session.locale).catch(() => []);
    if (edition !== this.edition) return;
    this.session.store.set((state) => ({ ...state, commands: new Map(state.commands).set(channel, commands) }));
  }

  /** Run an interaction; opens the form when the answer is one. Fails with an ApiError. */
  async run(interaction) {
    const { responses = [] } = await api.interact(this.me, interaction);
    const form = responses.find(({ type }) => type === MODAL);
    if (form) this.session.store.set({ modal: { channel: interaction.channel_id, ...form.data } });
    return responses;
  }

  /** Run an interaction; a refusal passes as a notice. True when it was taken. */
  async attempt(interaction) {
    try {
      await this.run(interaction);
      return true;
    } catch (error) {
      this.session.toast(error.message);
      return false;
    }
  }

  /** A button or select of `message` was used. */
  component(message, customId, values) {
    return this.attempt({
      kind: "component",
      channel_id: message.channel_id,
      target_id: message.id,
      custom_id: customId,
      ...(values ? { values } : {}),
    });
  }

  /** A command from the menu of a message or member; `kind` "message" or "user". */
  menuCommand(kind, channel, name, target) {
    return this.attempt({ kind, channel_id: channel, name, target_id: target });
  }

  /**
   * A slash command with its options. Null when it was taken, else what refuses it as a sentence; "" when that has
   * passed as a notice already.
   */
  async slash(channel, name, options) {
    try {
      await this.run({ kind: "slash", channel_id: channel, name, options: await packAll(options) });
      return null;
    } catch (error) {
      if (error.status !== SILENT) return error.message;
      this.session.toast(error.message);
      return "";
    }
  }

  /** What the bot suggests for option `focused`, with what the others hold: `[{name, value}]`. */
  async suggest(channel, name, options, focused) {
    const responses = await this.run({ kind: "autocomplete", channel_id: channel, name, options, focused });
    return responses.find(({ type }) => type === CHOICES)?.data.choices ?? [];
  }

  /** Send the form that is open. What refuses it, as a sentence, or "" when it was taken: then it closes. */
  async submit(modal, fields) {
    try {
      const { channel, custom_id } = modal;
      await this.run({ kind: "modal", channel_id: channel, custom_id, fields: await packAll(fields) });
    } catch (error) {
      return error.message;
    }
    this.drafts.delete(modal.custom_id);
    this.close(modal);
    this.session.store.set((state) => ({ ...state, formsSent: state.formsSent + 1 }));
    return "";
  }

  /** Put the form away. */
  close(modal) {
    if (this.session.state.modal === modal) this.session.store.set({ modal: null });
  }
}
