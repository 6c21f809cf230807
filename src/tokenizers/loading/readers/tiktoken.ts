/** Fetched when there is such a file: the names of `formats` come only all at once. */
export { parseTiktokenRanks } from "orrery-lm/formats";
