import { classes } from "./classes.ts";
import { pick, type Choose, type World } from "./template.ts";
import * as words from "./words.ts";

interface Person {
  readonly name: string;
  readonly kind: string;
  readonly he: string;
  readonly him: string;
  readonly his: string;
}

/** Draws the people, the places and the things of one story; all of them stay to its end. */
export function drawWorld(choose: Choose): World {
  const hero = drawPerson(choose);
  let friend = drawPerson(choose);
  while (friend.name === hero.name) friend = drawPerson(choose);
  const quality = pick(words.thingQualities, choose);
  const thing = pick(words.thingKinds, choose);
  const [food, foods] = pick(words.foods, choose);
  const number = 4 + choose(words.numbers.length - 4);
  const saying = pick(words.sayings, choose);
  const season = pick(words.seasons, choose);
  return {
    hero: hero.name,
    herokind: hero.kind,
    he: hero.he,
    him: hero.him,
    his: hero.his,
    friend: friend.name,
    friendkind: friend.kind,
    fhe: friend.he,
    fhim: friend.him,
    fhis: friend.his,
    pet: pick(words.petNames, choose),
    petkind: pick(words.petKinds, choose),
    elder: pick(words.elders, choose),
    town: pick(words.townHeads, choose) + pick(words.townTails, choose),
    home: pick(words.homes, choose),
    place: pick(words.places, choose),
    quality,
    thing,
    fullthing: `${quality} ${thing}`,
    food1: food,
    food: foods,
    onefood: `one of the ${foods}`,
    number: words.numbers[number]!,
    onefewer: words.numbers[number - 1]!,
    one: "one",
    saying: saying.charAt(0).toLowerCase() + saying.slice(1),
    season,
    day: pick(words.days, choose),
    ...drawMeeting(1, choose),
    ...drawMeeting(2, choose),
    ...drawMeeting(3, choose),
    when: `${words.numbers[2 + choose(4)]!} ${season}s ago`,
  };
}

function drawPerson(choose: Choose): Person {
  const isShe = choose(2) === 0;
  const name =
    pick(words.nameHeads, choose) + pick(isShe ? words.herNameTails : words.hisNameTails, choose);
  return isShe
    ? { name, kind: pick(words.herKinds, choose), he: "she", him: "her", his: "her" }
    : { name, kind: pick(words.hisKinds, choose), he: "he", him: "him", his: "his" };
}

/** Somebody on the road: a name, a trade and a gift, which the end of the story recalls. */
function drawMeeting(number: number, choose: Choose): World {
  return {
    [`met${number}`]: drawPerson(choose).name,
    [`met${number}trade`]: pick(classes.trade!, choose),
    [`met${number}gift`]: `${pick(classes.color!, choose)} ${pick(classes.object!, choose)}`,
  };
}
