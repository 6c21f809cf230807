/** A plot: how a story begins, what happens at its place, and how it returns to its beginning. */
export interface Arc {
  /** Why they must go to `{place}`. */
  readonly problem: readonly string[];
  /** What happens there. */
  readonly climax: readonly string[];
  /** How it ends; refers to the problem. */
  readonly closing: readonly string[];
}

/** First paragraphs: who, where, with whom, and the saying that returns at the end. */
export const openings: readonly string[] = [
  'In the town of {town} there lived {a herokind} called {hero}, in {home}. {He} had {a petkind} named {pet} and one good friend, {a friendkind} called {friend}. {Elder} used to tell them both: "{Saying}." Nobody knew what it meant.',
  '{Hero} was {a herokind}, and {he} lived in {home} in {town}. Every {day}, {elder} came by with [bread|news|a bag of {food}|an old song] and a piece of advice, and it was always the same: "{Saying}." {Hero} had a friend, {friend} the {friendkind}, and {a petkind} called {pet}, and that was enough.',
  "There was once {a ~adjective} {season} in {town} that people still talk about. It began on a {day}, at {home}, where {a herokind} named {hero} was [peeling|counting|drying|sorting] {food} with {friend}, {his} friend, who was {a friendkind}. {Pet} the {petkind} slept [under the table|on the stove|in the doorway|on the windowsill].",
  '"{Saying}," {elder} always said, and {hero} always forgot it. {Hero} was {a herokind} from {town}. {He} lived in {home} with {a petkind} whose name was {pet}. Next door lived {friend}, {a friendkind}, who never forgot anything.',
  'Late in {season}, when {~sky} {~skyDid}, {friend} the {friendkind} knocked at the door of {home} in {town}. {Hero} opened it. {He} was {a herokind}, not yet afraid of anything, and behind {him} stood {pet}, {his} {petkind}. "Come in," {~said} {hero}. "There are {number} {food} on the table."',
];

/** The plots. */
export const arcs: readonly Arc[] = [
  {
    problem: [
      'Then, one {day}, {elder} lost {a fullthing}. It had hung by the door for [forty|fifty|thirty] years, and now there was only {a ~adjective} nail. "I had it with me at {place}," {~said} {elder}. "I am too old to go back." "Then we will go," {~said} {hero}, and {he} put {number} {food} into a bag.',
      "One morning the {fullthing} was gone. It belonged to {elder}, and without it there would be no [feast|music|wedding|market] on {day}. A child had seen [a crow|a stranger|a peddler|a thief] carry it toward {place}. {Hero} packed {number} {food}, called {pet} the {petkind}, and asked {friend} to come along.",
    ],
    climax: [
      "At last they stood before {place}. It was {~adjective} and {~adjective}, and the door was open. {Hero} went in {~adverb}. There, {~where}, lay the {fullthing}, with {a ~creature} asleep beside it. {Friend} held {fhis} breath. {Hero} took it, left {onefood} in its place, and went out backward.",
      '{Place} was smaller than they had thought. {Pet} found it first: the {fullthing}, {~where}, covered with [leaves|dust|snow|sand]. {Hero} rubbed it with {his} sleeve until it was {quality} again. "Is that all?" {~said} {friend}. "That is all," {~said} {hero}, and {he} was {~feeling}.',
    ],
    closing: [
      'When they came back to {town}, {elder} was waiting. {Hero} gave {elder} the {fullthing}, and it went back to its nail by the door. "{Saying}," {~said} {elder}. This time {hero} knew what it meant. Of the {number} {food}, {one} was left, and {pet} got it.',
      'On {day} the {fullthing} hung in its place again. {Elder} thanked {hero}, thanked {friend}, and even thanked {pet} the {petkind}. And in {home} that night they said it all together: "{Saying}."',
    ],
  },
  {
    problem: [
      'Then the [bell|clock|pump|mill] of {town} stopped. Without it nobody knew when to [get up|bake|pray|go home]. "It needs {a fullthing}," {~said} {elder}, "and the last one is at {place}." {Hero} did not wait. {He} took {number} {food}, {friend}, and {pet} the {petkind}, and {~walked} through the gate.',
      'But on {day} the great [bridge|wheel|door|well] of {town} broke, and {elder} looked at it for a long time. "There is one thing that can mend it," {elder} {~said}: "{a fullthing} like the one they made at {place}." "I will bring it," {~said} {hero}. "We will," {~said} {friend}, and packed {number} {food}.',
    ],
    climax: [
      'A woman lived at {place}, and where {a thing} should have been, she had [a hundred|a dozen|three], all of them {quality}. "Which one do you need?" she asked. {Hero} remembered what {elder} had told {him}: "{Saying}." So {he} did not take the largest or the brightest, but the one with {a ~adjective} scratch, and it was the right one.',
      "They reached {place} on the evening of {day}. The {fullthing} stood {~where}, just as {elder} had said. It was heavier than it looked. {Friend} carried it one half of the way down, and {hero} the other half, and {pet} carried nothing and was {~feeling}.",
    ],
    closing: [
      '{Elder} put the {fullthing} where it belonged, and everything turned again. All of {town} came to look. "Who brought it?" they asked. "{Hero} and {friend}," {~said} {elder}, "and {a petkind} called {pet}." Then there were {food} for everyone, and nobody counted them.',
      'It was {season} still when they came home to {town}. The {thing} fitted. {Hero} listened to the sound of it from {home} and thought of {place}, of the road and of {friend}. "{Saying}," {he} {~said} to {pet}, and slept.',
    ],
  },
  {
    problem: [
      'One evening {elder} came with {a fullthing}, wrapped in {~color} cloth. "Take it to {place}," {elder} {~said}, "before {day}. Somebody is waiting. Do not ask who." {Hero} asked all the same, but there was no answer. So {he} filled a bag with {number} {food}, and {friend} came along, and {pet} too.',
      'A stranger left {a fullthing} at the door of {home}. A note was tied to it: "For the one who lives at {place}." "{Saying}," {~said} {elder}, which was no help. {Hero} the {herokind} and {friend} the {friendkind} took {number} {food} and {a ~adjective} lamp, and {pet} led the way.',
    ],
    climax: [
      'Nobody seemed to be at {place}. They knocked, and knocked again. Then an old, {~adjective} voice asked: "Do you have it?" {Hero} held out the {fullthing}. The hand that took it was as {~adjective} as paper. "I gave it away when I was {a herokind} like you," {~said} the voice. "In {town}. In {season}."',
      'Someone was sitting {~where} before {place}: a woman with {~color} hair. "You have come with {a thing}," she {~said}, "and it is {quality}, and {elder} sent you." "How do you know?" asked {friend}. "Because it is mine," she {~said} {~adverb}, and she gave them {a ~color} [stone|ring|seed|feather] in return.',
    ],
    closing: [
      'They were home before {day}. "Did you give it back?" asked {elder}. "Yes," {~said} {hero}. "And who was there?" "Somebody who was waiting," {~said} {hero}, and {elder} laughed until the {food} fell off the table. "{Saying}," {~said} {elder} then.',
      '{Hero} never told anybody in {town} who had taken the {fullthing}. {Friend} told nobody either, and {pet} was {a petkind} and kept every secret. But when {elder} said "{saying}" the next {day}, all three of them looked up.',
    ],
  },
  {
    problem: [
      'Every night that {season}, a sound came over the roofs of {town}: [three knocks|a long low note|a kind of singing|a slow drum]. It came from {place}. "I want to know what it is," {~said} {hero}. {Elder} gave {him} {a fullthing} for the journey, {friend} brought {number} {food}, and they left on {day}.',
      "Somebody had lit a light at {place}. It could be seen from {home}, {~color} and {~adjective}, every night since {day}. Nobody in {town} dared to go. {Hero} dared, if {friend} went too, and {friend} went if {pet} did. They took {number} {food} and {elder}'s {fullthing}, for luck.",
    ],
    climax: [
      "There was no ghost at {place}. There was {a ~adjective} old [shutter|pipe|gate|fishing boat], and the wind went through it, and behind it sat {a ~creature} with its young. {Hero} fixed it with the {thing}, more or less. {Friend} was [almost sorry|a little sad|very glad] that it was over so soon.",
      'They came to {place} at midnight, and the secret was {a ~adjective} one. A boy lived there all alone and had been [knocking|singing|waving a lamp] every night in the hope that somebody would come. "We came," {~said} {hero}, and gave him {onefood} and the {fullthing}. "We are from {town}."',
    ],
    closing: [
      'That night it was still in {town}. "What was it?" asked {elder}. {Hero} told everything: the road, the {food}, {place}, and what they found there. "{Saying}," {~said} {elder}, and {pet} the {petkind} yawned, and the whole town slept, for the first time in that {season}.',
      "After that nobody in {town} was afraid of {place}. On every {day}, {hero} and {friend} went there with {number} {food} and came back with none. And what about the {fullthing}? It is still there, and it is still {quality}.",
    ],
  },
  {
    problem: [
      'On {day} it would be {friend}\'s birthday, and {hero} had nothing to give. "What does {fhe} like?" asked {elder}. "{A quality} {thing}," {~said} {hero}. "Such things are found at {place}," {~said} {elder}. So {hero} asked {friend} to come for a walk, did not say why, and took {number} {food}.',
      "{Friend} had once owned {a fullthing}, a present from {elder}, and it had sunk in the river {when}. {Hero} thought of it every {season}. When a peddler told {him} that one just like it lay at {place}, {he} took {pet}, {number} {food} and {his} friend, and said only that it was {a ~adjective} day for walking.",
    ],
    climax: [
      'At {place}, {hero} said: "Close your eyes." {Friend} closed them. It took a long time, and there was a sound of [digging|splashing|climbing|whispering], and once {pet} sneezed. "Now," {~said} {hero}. In {his} hands was {a fullthing}. {Friend} was {~feeling} and could not say a word.',
      '{Place} belonged to an old collector who sold nothing. "But I exchange," he {~said}. "What have you got?" {Hero} had {onefood}, a [rope|candle|song], and {a petkind}. "Not {pet}," {~said} {friend} {~adverb}. In the end {hero} gave a story, this one, and received {a fullthing}.',
    ],
    closing: [
      'So {friend} had the best birthday in {town}. {Elder} came to {home} with {food}, and {pet} the {petkind} wore {a ~color} ribbon. "It is only {a thing}," {~said} {hero}. "It is {a quality} one," {~said} {friend}, "and you went to {place} for it." "{Saying}," {~said} {elder}.',
      '{Friend} kept the {fullthing} until {fhe} was as old as {elder}. Whoever asked about it was told of {hero}, of {pet} the {petkind} and of the way to {place}, and at the end came always the same words: "{Saying}."',
    ],
  },
  {
    problem: [
      'Inside {a fullthing}, which {elder} had given to {hero} {when}, there was a slip of paper. On it was drawn {place}, and under it stood: "{Saying}." {Friend} read it three times. "That is a treasure map," {fhe} {~said}. They told nobody in {town}, took {number} {food}, and left before {day}.',
      '{Hero} found {a fullthing} {~where}, with the name of {elder} on it. "I hid it there myself," {~said} {elder}, "when I was {a herokind}. It opens something at {place}. I never went." {Friend} had already packed {number} {food}, and {pet} was already at the door.',
    ],
    climax: [
      "At {place} they found a chest {~where}. The {thing} fitted into the lid as if it had been made for it. Inside was no gold. There was {a ~color} coat, {a ~adjective} book, and a picture of {elder}, young, with {a petkind} that looked like {pet}. {Friend} turned the page {~adverb}.",
      'They dug {~where}, as the paper said, and then {~where}, as {pet} said. {Pet} was right. The treasure of {place} was a jar of [seeds|letters|buttons|shells], and the {thing} was its key. "Are you {~feeling}?" asked {friend}. "No," {~said} {hero}. "Look at the names on it."',
    ],
    closing: [
      '"So you found it," {~said} {elder}, when they were back in {town}. They laid everything on the table in {home}, and {elder} told them about it until the lamp went out. The {fullthing} hangs there now. Under it stands, in {hero}\'s hand: "{Saying}."',
      'They brought it all back to {elder} on {day}. {Elder} was silent, then laughed, then ate {onefood}. "{Saying}," {elder} {~said}. "I should have gone with you." {Hero} and {friend} have a map of their own now. It begins in {town}, at {home}, and {pet} the {petkind} is drawn on it, sleeping.',
    ],
  },
];
