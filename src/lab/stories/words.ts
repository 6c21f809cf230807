/** Word lists of the story generator. All of them are our own. */

/** First syllables of people's names. */
export const nameHeads: readonly string[] = split(
  "Mar Tob El Jun Bren Cal Dor Fen Gil Hal Is Kas Lor Mil Nor Os Per Quin Ros Sel Tam Ul Vel Wil " +
    "Yar Zan Ad Bel Cor Dal Em Fal Gar Hes Ing Jas",
);

/** Endings of women's and girls' names. */
export const herNameTails: readonly string[] = split("a ina ette y wen ora is elle ia anne");

/** Endings of men's and boys' names. */
export const hisNameTails: readonly string[] = split("in o ric an us emy ard ek on as");

/** First halves of town names. */
export const townHeads: readonly string[] = split(
  "Ash Black Brook Cold Crow Elder Fern Green Hazel High Iron Kings Lark Long Marsh Mill North Oak " +
    "Otter Raven Red Salt Stone Thorn White Win",
);

/** Second halves of town names. */
export const townTails: readonly string[] = split(
  "bridge bury combe dale ferry field ford gate ham holt ley mere mouth port stead ton wick wood",
);

/** People who are "she". */
export const herKinds: readonly string[] = list(
  "girl|young baker|weaver|shepherd girl|ferrywoman|glassblower|old sailor|map seller|beekeeper|" +
    "schoolteacher|carpenter's daughter|gardener",
);

/** People who are "he". */
export const hisKinds: readonly string[] = list(
  "boy|young miller|tailor|shepherd boy|fisherman|clockmaker|old soldier|basket maker|postman|" +
    "fiddler|blacksmith's son|cook",
);

/** Elders, known to everybody. */
export const elders: readonly string[] = list(
  "old Mrs. Fenwick|Grandmother Oda|the miller's aunt|old Captain Rusk|the lamplighter|" +
    "Grandfather Anselm|the innkeeper|old Mr. Pellow|the bell ringer|the apothecary|Aunt Sabine|" +
    "the night watchman|the librarian|the widow at the crossroads|Uncle Bartle|the well keeper",
);

/** Animals that follow people about. */
export const petKinds: readonly string[] = list(
  "gray cat|brown dog|tame crow|spotted goat|small donkey|white goose|lame fox|red hen|black kitten|" +
    "shaggy pony|three-legged dog|green parrot",
);

/** Their names. */
export const petNames: readonly string[] = split(
  "Button Pepper Thistle Bramble Biscuit Soot Clover Moss Rascal Turnip Pickle Nutmeg Acorn Marble " +
    "Whistle Crumb",
);

/** Materials and colors of the things that matter. */
export const thingQualities: readonly string[] = split(
  "brass silver copper wooden glass golden tin green blue red black painted carved cracked rusty " +
    "ivory tiny heavy",
);

/** The things that matter. */
export const thingKinds: readonly string[] = list(
  "key|lantern|whistle|compass|bell|box|coin|spoon|mirror|ring|bottle|flute|clock|button|cup|" +
    "thimble|medal|buckle|candlestick|horseshoe|music box|spyglass",
);

/** Where the road leads. */
export const places: readonly string[] = list(
  "the old lighthouse|the ruined mill|the hollow hill|the stone circle|the salt caves|" +
    "the abandoned chapel|the island in the lake|the black pine wood|the watchtower|the frozen pond|" +
    "the north quarry|the ferry house|the walled garden|the crooked tower|the far orchard|" +
    "the waterfall|the charcoal burners' camp|the empty castle|the dry well|the hermit's hut",
);

/** Where people live. */
export const homes: readonly string[] = list(
  "a narrow house above the bakery|a cottage by the river|two rooms over the stable|" +
    "the last house on the lane|a blue house behind the market|a boat tied to the old pier|" +
    "a small farm at the edge of the wood|the tower beside the town gate|a house with a green door|" +
    "a hut on the hill|the rooms behind the school|a tall house with no chimney",
);

/** Things to eat that come in numbers: one and many. */
export const foods: readonly (readonly [string, string])[] = [
  ["pear", "pears"],
  ["apple", "apples"],
  ["plum", "plums"],
  ["bun", "buns"],
  ["egg", "eggs"],
  ["pie", "pies"],
  ["walnut", "walnuts"],
  ["cake", "cakes"],
  ["carrot", "carrots"],
  ["potato", "potatoes"],
  ["cherry", "cherries"],
  ["pancake", "pancakes"],
  ["dumpling", "dumplings"],
  ["fig", "figs"],
];

/** Whole numbers in words; the index is the value. */
export const numbers: readonly string[] = split(
  "zero one two three four five six seven eight nine ten eleven twelve",
);

/** Seasons, as in "late in spring". */
export const seasons: readonly string[] = split("spring summer autumn winter");

/** Days of the week. */
export const days: readonly string[] = split(
  "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
);

/** What people in the stories like to say; said at the beginning and remembered at the end. */
export const sayings: readonly string[] = list(
  "What two carry weighs half|A closed door is only a slow one|Ask the water before you cross|" +
    "The longest road begins at the gate|Keep your bread and your word|Listen first, then run|" +
    "Small lamps burn all night|No knot was ever tied in a hurry|Count the steps, not the miles|" +
    "Who shares the shade keeps the tree|Every wind was once a breath|Leave the gate as you found it|" +
    "A good question is worth two answers|Snow remembers every foot|Mend it before you miss it|" +
    "The moon pays for nothing and owns the night|Thank the bridge as well as the guide|" +
    "Slow hands finish first|Even a giant ties one shoe at a time|Trust the dog that does not bark",
);

function split(words: string): string[] {
  return words.split(" ");
}

function list(words: string): string[] {
  return words.split("|");
}
