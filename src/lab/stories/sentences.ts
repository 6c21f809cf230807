/**
 * Sentences that may stand anywhere on the way. Most of their words are drawn anew, so that a model
 * has to know the language and cannot recall the text.
 */
export const sentences: readonly string[] = [
  "{A ~adjective} {~creature} {~creatureDid} {~where}.",
  "Above the {~adjective} {~land}, {~sky} {~skyDid}.",
  "The {~land} smelled of {~smell} and {~smell}, and {~time} {~sky} {~skyDid}.",
  "Somewhere {~where}, {a ~creature} {~creatureDid}, and {a ~adjective} {~creature} {~creatureDid}.",
  "{Pet} the {petkind} {~walked} ahead, {~feeling} and {~feeling}, and {~time} it {~did} {a ~adjective} {~object}.",
  '"I am {~feeling}," {~said} {friend}. "And I am {~feeling}," {~said} {hero} {~adverb}.',
  "There were {~ware} in every window, {~ware} at every door, and {~color} {~ware} {~where}.",
  "{A ~adjective} {~trade} {~did} {a ~color} {~object} {~where} and {~did} another one {~adverb}.",
  "{~Time}, {hero} {~did} {a ~adjective} {~object} and {friend} {~did} {a ~color} {~object}.",
  '"Have you seen my {~adjective} {~object}?" asked {a ~trade}. "[No|Yes|Perhaps]," {~said} {hero} {~adverb}, "but I saw {a ~creature} {~where}."',
  "The {~tree} trees were {~color}, the {~land} was {~adjective}, and {friend} was {~feeling}.",
  "They ate {onefood} with {~smell} on the wind and {~walked} on {~adverb} toward {a ~adjective} {~land}.",
  "{Friend} sang {~adverb} about {a ~trade} who {~did} {a ~object} and {~did} {a ~object}.",
  "{Hero} felt for the {thing} {~adverb}; beside it lay {a ~adjective} {~object} that {friend} {~did} {~time}.",
  "It was {a ~adjective}, {~adjective} day, even for {season}, and every {~trade} {~did} {~ware}.",
  '"How far to {place}?" asked {friend}. "As far as {a ~creature} {~walked} {~time}," {~said} {a ~trade}.',
  "In the {~adjective} {~land} lived {a ~trade} who {~did} {~ware} and {~did} {~ware}, but never {~ware}.",
  "{~Time} they came to {a ~adjective} {~land} where {a ~trade} and {a ~trade} {~walked} {~adverb} past.",
  '"When I was {a ~trade}," {~said} {elder} once, "I {~did} {a ~color} {~object} and {a ~creature} {~did} it from me."',
  "{A ~color} {~creature} and {a ~color} {~creature} {~walked} {~where}.",
  "The {~trade}'s {~object} was {~adjective}, the {~trade}'s {~object} was {~adjective}, and neither was {~color}.",
  "{Friend} {~did} {number} {~ware}, {~adverb}, and {~time} gave them to {a ~adjective} {~trade}.",
  "{Hero} thought of {town}, of the {~adjective} {~land} and of the {~trade} who {~did} {~ware} {~where}.",
  '"Never trust {a ~adjective} {~trade}," {~said} {friend}, "or {a ~trade} with {a ~color} {~object}."',
  "Beyond {a ~adjective} {~land} and {a ~adjective} {~land}, {~sky} {~skyDid}.",
  "{Pet} {~did} {a ~object}, {a ~object} and {a ~adjective} {~object}, and then {~walked} {~adverb} after {friend}.",
  "{~Time} someone {~did} {a ~object} {~where}; it was {a ~adjective} {~trade}, {~feeling} and {~feeling}.",
  'On {a ~color} sign stood in {~adjective} letters: "{~Ware}, {~ware} and {~ware}, {~adverb} {~did}."',
];

/** Meetings with the three people of the road, each of whom has a name and gives something. */
export const meetings: readonly string[] = [
  '{~Where} they met {a met~trade} named {met~}. "{town}?" {~said} {met~}. "My {~object} came from there." {Met~} was {~adjective} and {~feeling}, and gave them {a met~gift} [for the road|for {onefood}|without a reason].',
  '{A ~adjective} {met~trade} was {~feeling} {~where}. "I am {met~}," {~said} the {met~trade}, "and I have lost my {~adjective} {~object}." {Pet} found it {~where}, and so {met~} thanked them {~adverb} and gave {friend} {a met~gift}.',
  '"Stop," {~said} {met~} the {met~trade}, who {~did} {~ware} {~where}. "Nobody goes to {place} without {a met~gift}." "Why?" asked {hero}. "Because {saying}," {~said} {met~}, and they took it {~adverb}.',
  "{~Time} a cart passed with {~color} {~ware} and {~adjective} {~ware}. {Met~}, {a met~trade}, was driving. They helped {met~} over the {~adjective} {~land}, {friend} {~did} the {~object}, and for that they were given {a met~gift}.",
];

/** What the road gave, told again at the end: every name and gift has been read before. */
export const inventories: Readonly<Record<number, readonly string[]>> = {
  1: [
    "{Hero} still had the {met1gift} that {met1} the {met1trade} had given them.",
    "From the road they kept {a met1gift}, and they often spoke of {met1}, the {met1trade}.",
  ],
  2: [
    "On the table they laid what the road had given them: {a met1gift} from {met1} the {met1trade} and {a met2gift} from {met2} the {met2trade}.",
    "{Friend} kept the {met2gift} of {met2}, and {hero} kept the {met1gift} of {met1} the {met1trade}.",
  ],
  3: [
    "On the table lay what they had been given: {a met1gift} from {met1}, {a met2gift} from {met2} and {a met3gift} from {met3} the {met3trade}.",
    "{Hero} kept the {met1gift} of {met1} the {met1trade}, {friend} the {met2gift} of {met2} the {met2trade}, and {pet} slept beside the {met3gift} of {met3}.",
  ],
};
