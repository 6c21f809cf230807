/**
 * Things that can happen on the way, in any order: each scene lists its tellings.
 * The template language is in `template.ts`.
 */
export const scenes: readonly (readonly string[])[] = [
  [
    'At the river the bridge was gone. {Hero} looked for a boat and found only [a raft|a barrel|an old door|a log] tied to {a ~tree}. "It will carry one of us," {~said} {friend}, "and {petkind}s swim." They pushed off {~adverb}, and the water was {~adjective} and {~color}. Halfway across, [a wave|a branch|a gust of wind] nearly took the {thing}, but {hero} held on to it with both hands.',
    'The river ran {~adjective} that day. {Friend} took off {fhis} [boots|socks|coat] and went first, feeling for stones. {Pet} refused to go until {hero} showed {a food1} and called from the other bank. "{Saying}," {~said} {friend}, and {hero} [nodded|laughed|had to smile].',
  ],
  [
    'Then it began to rain. They waited under {a ~tree} and then under a [cart|bridge|roof of branches], and {hero} told {friend} about {town} and about {home}, where the windows always smelled of {~smell}. "I should like to see it," {~said} {friend}. "You will," {~said} {hero}, "on {day}, if we are back by then."',
    "[Rain|Hail|A storm] came over the hill, and soon the road was {~adjective} with mud. {Hero} wrapped the {thing} in [a scarf|an old sack|a page of newspaper|{his} shirt] so that it would stay dry. {Pet} the {petkind} was {~feeling} and would not [move|stop complaining|come out from under the coat].",
  ],
  [
    'On the market square a [woman|man|boy] was selling {~ware} and {~ware}. "I give {~ware} for anything {quality}," {~said} the seller, with an eye on the {thing}. {Hero} shook {his} head. "This one belongs to {elder}," {he} {~said} {~adverb}, "but I have {food}." So they traded {onefood} for [a loaf|a rope|a candle|a ball of string] and went on.',
    "In the next village there was a fair, full of {~color} tents and the smell of {~smell}. {Friend} won [a ribbon|a whistle|a tin star|a bag of nuts] by guessing the weight of {a ~adjective} [pig|pumpkin|stone]. {Hero} spent nothing, because {he} was thinking of {place} the whole time.",
  ],
  [
    'An old man sat at the gate and asked everyone a riddle. "What [grows when you take from it|has a mouth and never eats|runs all day and stays in bed|gets shorter as it stands]?" {Hero} thought about it {~adverb}. "[A hole|A river|A candle]," {he} {~said} at last. The old man [smiled|frowned|opened the gate without a word], and behind the gate the road to {place} was {~adjective} and wide.',
    "At the toll house {a ~adjective} voice asked for {number} {food} or a true story. {Hero} told the story of how {he} had met {friend} {when}. It was a true story, and so the gate swung open {~adverb}.",
  ],
  [
    'By noon they were lost. Every path looked like the one before it, and the {~adjective} [fog|wood|heath] made no sound. "We passed this {~tree} already," {~said} {friend}. {Hero} tied {a ~color} thread to a branch, and when they came to it a third time, {he} turned {~adverb} to the [left|right] and found the road.',
    'The map was wrong. Where it showed [a mill|a well|a bridge|a chapel] there was only {a ~adjective} field, and {a ~creature} that {~creatureDid} {~where}. "Then we go by the sun," {~said} {hero}, who was {~feeling}, "and by what {elder} told us: {saying}."',
  ],
  [
    'They slept in a barn that night. The hay smelled of {~smell}, and through the roof they could see {~sky}. {Friend} counted the {food} that were left. "{Onefewer}," {fhe} {~said}. "There were {number} this morning." {Pet} looked [innocent|the other way|very round].',
    'Night came {~adverb}. {Hero} lit a small fire, and {friend} played a tune that went up and down like stairs. "Are you {~feeling}?" asked {friend}. "A little {~feeling}," {~said} {hero}. Far away, {a ~creature} {~creatureDid}, and the {thing} lay between them and shone in the firelight.',
  ],
  [
    "In the morning {pet} was gone. They called its name {~where} and {~where}, and {friend} even looked [up a tree|down a well|in a flour barrel|behind the church]. They found the {petkind} at last, asleep {~where}, with [a feather|a bone|half a bun|somebody's shoe] between its feet.",
    '{Pet} stopped and would not take another step. The {petkind} stared at something {~where}. It was {a ~creature}, which {~creatureDid} and was not {~feeling} at all. "Come, {pet}," {~said} {hero} {~adverb}, "we have to be at {place} before dark."',
  ],
  [
    'Then {hero} and {friend} quarreled. It began about [the way|the last bun|a song|whose turn it was to carry the bag] and ended with {friend} walking ahead, {~adjective} and silent. After a mile {hero} ran after {fhim}. "I was wrong," {he} {~said}. "So was I," {~said} {friend}, and they shared {onefood} and were {~feeling} again.',
    '"You never listen," {~said} {friend}. "You never wait," {~said} {hero}. They sat down with their backs to each other until {pet} the {petkind} pushed in between them. Nobody can be {~feeling} with {a petkind} on both their feet, and so they laughed and {~walked} on.',
  ],
  [
    'Up on the heath they met [a peddler|a tinker|two nuns|a wedding party|a lost sheep dog|a tax collector]. "Is it far to {place}?" asked {hero}. "It was far yesterday," was the answer, "and it will be {~adjective} tomorrow." That was all they learned, apart from the price of {~ware}.',
    'A cart came along the road, loaded with {~ware}. The driver was {~feeling} and let them ride as far as the {~tree} wood. The driver asked what was in the bag. "{A fullthing}," {~said} {hero}, "and {number} {food}." "Then you are richer than I am," {~said} the driver {~adverb}.',
  ],
  [
    "The path went up, and up again. {Hero} counted the steps: [a hundred|two hundred|three hundred|more than a thousand]. At the top the wind was {~adjective}, and {~sky} {~skyDid}. They could see {town} behind them, no larger than a [button|coin|crumb|thimble], and {place} before them.",
    'They climbed all afternoon. {Friend} slipped once, and {hero} caught {fhim} by the [sleeve|hood|hand|belt]. "{Saying}," {~said} {friend}, out of breath. From the ridge they saw {a ~color} roof, {a ~adjective} field and the way down to {place}.',
  ],
  [
    "Under the hill there was a tunnel. It was {~adjective} inside and smelled of {~smell}. {Hero} went first, one hand on the wall, and {friend} held on to {his} coat. Something {~adjective} touched {hero}'s face, but it was only [a cobweb|a root|a drop of water|{pet}'s tail]. Then there was light, and it was {~color}.",
    "The tunnel door was locked. {Hero} tried a stick, {friend} tried a hairpin, and {pet} tried digging. In the end it was the {thing} that helped: held up to the light, its {quality} side showed a small arrow. They followed it {~adverb} to another door, {~where}, that stood open.",
  ],
  [
    'A letter was waiting at the inn. It was from {elder} and said only: "{Saying}. Be home by {day}." {Hero} read it twice and put it into {his} pocket beside the {thing}. The innkeeper gave them [soup|porridge|bread and cheese|a bowl of beans] and asked for [nothing|a song|news of {town}] in return.',
    '{Hero} wrote a letter home. "Dear {elder}," {he} wrote, "we are well. {Friend} is {~feeling}, {pet} is {~feeling}, and I still have the {fullthing}. We have seen {a ~creature} and {a ~adjective} [bridge|castle|storm|bear]. The food will last until {day}."',
  ],
  [
    'A girl by the roadside was crying because her {~ware} had fallen into the ditch. They helped her to pick them up, one by one. "Why do you help me?" she asked. "Because {saying}," {~said} {hero}, who had heard it from {elder}. The girl gave them [a needle|an apple|a feather|good advice] and waved for a long time.',
    'They found {a ~creature} caught in a fence {~where}. {Hero} held it {~adverb} while {friend} cut the wire. It was {~feeling}, then it was free, and it {~creatureDid} before it vanished. "It did not even thank us," {~said} {friend}. "It did," {~said} {hero}.',
  ],
  [
    "It snowed in the night, although it was {season}. The road was gone, and every {~tree} had a white hat. {Pet} the {petkind} ran in circles. {Friend} found footprints that led {~where} and on toward {place}, and the feet that had made them were {~adjective} and small.",
    "The wind turned, and with it came the smell of {~smell}. {Hero} knew that smell from home, from {town}, from every {season} {he} could remember. For a moment {he} was {~feeling}. Then {he} tightened the strap of the bag and {~walked} on, and {friend} {~walked} beside {him}.",
  ],
  [
    'The wheel of the cart broke {~where}. They had no [nails|hammer|rope], so {friend} took the {~color} ribbon from {fhis} hat, and {hero} took a branch of {~tree}. It was not {a ~adjective} wheel, but it turned. "{Saying}," they {~said} at the same time, and laughed.',
    "A mill stood by the road, and the miller needed help. They carried sacks until their arms were {~adjective}, {number} sacks each, and the miller paid them with flour and with a secret: at {place}, one should [knock three times|never look down|turn around once|count backward from {number}].",
  ],
  [
    '{Hero} dreamed of {a ~color} {~creature} that could speak. "You carry {a fullthing}," it {~said}, "but do you know what it is for?" "No," {~said} {hero} in the dream. When {he} woke, {~sky} {~skyDid}, and {friend} was already packing the {food}.',
    '"Tell me something that nobody knows," {~said} {friend}. {Hero} thought for a while. "I am [afraid|frightened|terrified] of [heights|geese|the dark|thunder|deep water]," {he} {~said}. "I know," {~said} {friend}. "I have known it since {when}. Now eat {onefood}; it helps."',
  ],
];
