import {
  add,
  addRows,
  concat,
  flattenRows,
  gather,
  multiply,
  named,
  reshape,
  rowsWhere,
  slice,
  type Value,
} from "orrery-lm/tensor";
import { describePart, type PartDescription } from "../description.ts";
import { nest, within, type ParameterLookup, type ParameterSpecs } from "../part.ts";
import type { FFN } from "./ffn.ts";
import type { Router, Routing } from "./routing/router.ts";

/** Options of {@link MixtureOfExperts}. */
export interface MixtureOfExpertsOptions {
  router: Router;
  /** What each expert is; every expert has parameters of its own. */
  expert: FFN;
  /** Reads every token, beside the experts that are chosen. */
  shared?: FFN | undefined;
}

/**
 * A feed-forward network of many, of which few read each token.
 *
 *     y = Σ weight(e) · expert_e(x)  over the chosen experts e,  + shared(x)
 *
 * An expert computes the tokens that chose it and no other, in training too: work grows with the
 * experts per token, not with all experts. Nothing is dropped: there is no capacity.
 *
 * @see Shazeer et al. 2017, https://arxiv.org/abs/1701.06538
 */
export class MixtureOfExperts implements FFN {
  readonly #options: MixtureOfExpertsOptions;

  constructor(options: MixtureOfExpertsOptions) {
    this.#options = options;
  }

  parameters(): ParameterSpecs {
    const { router, expert, shared } = this.#options;
    const experts = Array.from({ length: router.numExperts }, (_, e) => [
      `experts.${e}`,
      expert.parameters(),
    ]);
    return nest({
      router: router.parameters(),
      ...(Object.fromEntries(experts) as Record<string, ParameterSpecs>),
      ...(shared && { shared: shared.parameters() }),
    });
  }

  describe(): PartDescription {
    const { numExperts } = this.#options.router;
    return describePart(
      "mixture of experts",
      { numExperts, ...this.#options },
      "Σ weight · expert(x) over the chosen experts",
    );
  }

  apply(lookup: ParameterLookup, x: Value, name: string): Value {
    const { router, shared } = this.#options;
    const tokens = flattenRows(x);
    const found = router.route(within(lookup, "router"), tokens);
    const routing = { ...found, weights: named(found.weights, `${name}.router.weights`) };
    const outputs = Array.from({ length: router.numExperts }, (_, e) =>
      this.#expert(within(lookup, `experts.${e}`), tokens, routing, { e, name }),
    );
    const ids = concat(
      outputs.map((output) => output.ids),
      0,
    );
    const rows = concat(
      outputs.map((output) => output.rows),
      0,
    );
    const mixed = reshape(addRows(tokens.shape[0]!, ids, rows), x.shape);
    return shared ? add(mixed, shared.apply(within(lookup, "shared"), x, `${name}.shared`)) : mixed;
  }

  /** The tokens that an expert reads, and what it adds to them. */
  #expert(
    lookup: ParameterLookup,
    tokens: Value,
    { chosen, weights }: Routing,
    { e, name }: { e: number; name: string },
  ): { ids: Value; rows: Value } {
    const mask = reshape(slice(chosen, 1, e, e + 1), [tokens.shape[0]!]);
    const ids = rowsWhere(mask, `${name.replaceAll(".", "_")}_tokens_of_${e}`);
    const y = this.#options.expert.apply(lookup, gather(tokens, ids), `${name}.experts.${e}`);
    return { ids, rows: multiply(y, gather(slice(weights, 1, e, e + 1), ids)) };
  }
}
