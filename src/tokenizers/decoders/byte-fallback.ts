import type { DecoderStep } from "./decoder-step.ts";
import { TokenMapper, type TokenMapperRun } from "./token-mapper.ts";

/**
 * `ByteFallback`: runs of tokens such as "<0xE5>" become the text of their bytes. If a run is not
 * UTF-8 as a whole, each of its bytes becomes U+FFFD, those of good characters too; so a run is held
 * back until it ends, or can no longer become UTF-8.
 */
export function byteFallbackStep(): DecoderStep {
  return new TokenMapper(() => new ByteFallbackRun());
}

class ByteFallbackRun implements TokenMapperRun {
  #run: ByteRun | undefined;

  push(token: string): readonly string[] {
    const byte = byteOf(token);
    if (byte === undefined) return this.#run === undefined ? [token] : [...this.end(), token];
    this.#run ??= new ByteRun();
    return this.#run.push(byte);
  }

  end(): readonly string[] {
    const rest = this.#run?.end() ?? [];
    this.#run = undefined;
    return rest;
  }
}

class ByteRun {
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #text = "";
  #held = 0; // bytes
  #isBroken = false;

  push(byte: number): readonly string[] {
    this.#held++;
    this.#decode(() => this.#utf8.decode(Uint8Array.of(byte), { stream: true }));
    return this.#isBroken ? this.#replacements() : [];
  }

  end(): readonly string[] {
    this.#decode(() => this.#utf8.decode());
    return this.#isBroken ? this.#replacements() : [this.#text];
  }

  #decode(decode: () => string): void {
    if (this.#isBroken) return;
    try {
      this.#text += decode();
    } catch {
      this.#isBroken = true;
    }
  }

  #replacements(): readonly string[] {
    const replacements = Array.from({ length: this.#held }, () => "\ufffd");
    this.#held = 0;
    return replacements;
  }
}

/** The byte of "<0x", two hexadecimal digits or a plus and one, ">". */
function byteOf(token: string): number | undefined {
  const digits = /^<0x([0-9A-Fa-f]{2}|\+[0-9A-Fa-f])>$/.exec(token)?.[1];
  return digits === undefined ? undefined : parseInt(digits, 16);
}
