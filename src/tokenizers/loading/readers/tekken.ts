/** Fetched when there is such a file: the names of `formats` come only all at once. */
export { parseTekken } from "orrery-lm/formats";
