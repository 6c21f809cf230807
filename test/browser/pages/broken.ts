/** Returns in time, but leaves an error that nobody catches. */
export async function run(place: "promise" | "timer" | "console"): Promise<unknown> {
  if (place === "promise") void Promise.reject(new Error("lost in a promise"));
  if (place === "timer") setTimeout(() => Reflect.apply(fail, undefined, []));
  if (place === "console") console.error("lost in the console");
  await new Promise((resolve) => setTimeout(resolve, 50));
  return "done";
}

function fail(): never {
  throw new Error("lost in a timer");
}
