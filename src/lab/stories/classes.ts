import type { WordClasses } from "./template.ts";

/** Word classes for details that nothing later depends on: `{~class}` in a template. */
export const classes: WordClasses = {
  adjective: list(
    "quiet|bright|narrow|dusty|crooked|gentle|cold|warm|heavy|strange|empty|soft|sharp|pale|dark|deep|" +
      "broken|clean|sweet|bitter|steep|muddy|lonely|proud|hungry|round|thin|wide|smooth|rough|old|new|" +
      "large|small|long|short|loud|faint|golden|rusty|frozen|wild|tame|foreign|famous|forgotten|hidden|" +
      "ragged|shiny|plain|clever|slow|restless|wooden|patient|noisy|lucky|wet|dry|young|ancient|stubborn",
  ),
  adverb: list(
    "slowly|quickly|quietly|carefully|gladly|suddenly|softly|loudly|bravely|politely|gently|sadly|" +
      "proudly|patiently|sleepily|eagerly|firmly|calmly|shyly|warmly|lightly|sternly|wisely|nervously|" +
      "clumsily|kindly|solemnly|merrily",
  ),
  walked: list(
    "walked|ran|hurried|wandered|marched|crept|climbed|limped|raced|went|tramped|strolled|trotted|" +
      "shuffled|pushed",
  ),
  said: list(
    "said|whispered|answered|called|muttered|laughed|sighed|shouted|replied|grumbled|declared|admitted",
  ),
  did: list(
    "found|carried|bought|sold|mended|painted|lost|hid|borrowed|broke|cleaned|counted|washed|dropped|" +
      "stole|wanted|drew|lifted|opened|closed|made|polished|forgot|described|followed|watched|touched|" +
      "kept|tied|wrapped|hated|loved|needed|pulled|pushed|threw|caught|traded|examined|admired",
  ),
  creature: list(
    "heron|hare|owl|hedgehog|badger|swallow|frog|otter|deer|squirrel|mouse|beetle|snail|wolf|moth|robin|" +
      "lizard|crane|raven|stork|weasel|toad|salmon|sparrow|bat|magpie|bee|spider|turtle|rat|calf|lamb|" +
      "donkey|rooster|duck|swan|eagle|fawn|mole|cricket",
  ),
  creatureDid: list(
    "sat still|looked up|hurried past|drank|slept|watched the road|sang two notes|hid|waited|" +
      "turned its head|stretched|shook off the rain|called to its young|carried a leaf|dug a hole|" +
      "ate a berry|blinked|crossed the path|built a nest|listened|ran in circles|washed its face|" +
      "scratched its ear|made no sound|caught a fly|stood on one leg|yawned|counted its eggs",
  ),
  where: list(
    "under the hedge|on a gatepost|by the ditch|in the long grass|near the old wall|on the roof|" +
      "beside the path|behind a barrel|among the reeds|at the edge of the field|under a cart|" +
      "on a fallen trunk|in the doorway|below the bridge|behind the chapel|in the ferry|at the crossroads|" +
      "between two stones|in the attic|under the stairs|beside the stove|at the end of the pier|" +
      "in the back of a shop|on the far bank|in an old boot|under the third step|inside a hollow log|" +
      "beyond the mill|by the well|in the cellar|on the windowsill|near the harbor",
  ),
  tree: list(
    "oak|beech|willow|birch|chestnut|pine|elm|rowan|alder|linden|maple|hawthorn|cedar|poplar|ash|fir",
  ),
  color: list(
    "red|blue|yellow|gray|green|white|brown|golden|purple|silver|black|orange|pink|violet|scarlet|amber",
  ),
  sky: list(
    "clouds|stars|swallows|smoke|rain|a thin moon|snowflakes|a long line of geese|the evening light|" +
      "a rainbow|thunder|mist|the first light|sparks|seagulls|the north wind|a kite|a cold sun|dust|" +
      "the sound of bells",
  ),
  skyDid: list(
    "hung over the roofs|moved slowly toward the sea|came down to the fields|filled the valley|" +
      "stood above the hill|drifted across the road|faded behind the wood|crossed the river|" +
      "passed over the harbor|covered the quarry|went round the tower|followed them to the gate|" +
      "came and went|lay upon the water|touched the tops of the trees",
  ),
  ware: list(
    "ropes|lamps|ribbons|pots|cheeses|brooms|candles|boots|kites|maps|blankets|knives|seeds|drums|" +
      "baskets|hats|nails|honey jars|bricks|barrels|feathers|gloves|buttons|fishhooks|clocks|chairs|" +
      "paints|tiles|wheels|sails|carpets|ladders|spoons|combs|pillows|bells|pipes|saddles|mirrors|masks|" +
      "umbrellas|onions|herrings|turnips|pickles|letters|shells|coins|books|cages",
  ),
  object: list(
    "ladder|hammer|kettle|blanket|bucket|letter|saddle|violin|teapot|umbrella|barrel|basket|chair|wheel|" +
      "rope|needle|pillow|hat|boot|ring|candle|plate|oar|anchor|feather|map|book|stamp|kite|drum|sack|" +
      "lamp|cheese|pipe|broom|knife|jar|net|sled|cradle|trumpet|puzzle|stone|shell|glove|scarf|stool|" +
      "fishhook|padlock|wig",
  ),
  trade: list(
    "baker|smith|tailor|sailor|farmer|judge|potter|dancer|mason|barber|doctor|hunter|thatcher|dyer|" +
      "saddler|printer|painter|actor|miner|butcher|monk|nurse|pilot|ranger|singer|teacher|merchant|" +
      "juggler|candle maker|rope maker|goose girl|chimney sweep|gatekeeper|fortune teller|bookbinder|" +
      "lens grinder|cooper|locksmith|washerwoman|tinker",
  ),
  feeling: list(
    "afraid|tired|happy|curious|cross|hopeful|lonely|brave|sleepy|proud|ashamed|thirsty|glad|worried|" +
      "hungry|calm|jealous|cheerful|bored|surprised|grateful|homesick|dizzy|content",
  ),
  smell: list(
    "wet wool|fresh bread|pine smoke|apples|salt|lamp oil|hay|rain|onions|old books|tar|mint|leather|" +
      "honey|fish|cinnamon|moss|candle wax|ink|thunder|roses|cabbage|sawdust|snow",
  ),
  time: list(
    "at noon|in the morning|that evening|before dawn|after an hour|a little later|toward midnight|" +
      "on the second day|just then|after supper|at the third bell|when the wind fell|as the sun set|" +
      "by and by|at that moment|for a while",
  ),
  land: list(
    "hill|valley|road|field|river|wood|lake|village|harbor|bridge|meadow|marsh|canyon|forest|shore|path|" +
      "garden|mill|castle|island|desert|market|cave|cliff|street|spring",
  ),
};

function list(words: string): string[] {
  return words.split("|");
}
