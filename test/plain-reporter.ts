import type { Reporter, SerializedError, TestModule } from "vitest/node";

/**
 * Prints one plain line at the end: `12 passed, 0 failed, 1 skipped`.
 * What fails outside a test counts as one failure: a file that cannot be loaded, a broken hook,
 * an error that nobody caught. A test that never ran because of it counts as skipped.
 */
export default class PlainReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const before = count.failed;
      for (const test of module.children.allTests()) count[test.result().state]++;
      if (!module.ok() && count.failed === before) count.failed++;
    }
    const skipped = count.skipped + count.pending;
    console.log(`${count.passed} passed, ${count.failed} failed, ${skipped} skipped`);
  }
}
