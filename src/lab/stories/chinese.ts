import { ConfigError, random } from "orrery-lm/base";

type Words = Readonly<Record<string, readonly string[]>>;

const words: Words = {
  人: split(
    "木匠|铁匠|渔夫|医生|老师|画家|裁缝|牧羊人|磨坊主|修表匠|面包师|船长|守塔人|学徒|邮差|猎人",
  ),
  姓: split("林|陈|周|吴|郑|孙|何|罗|梁|宋|许|邓|冯|曹|彭|潘|袁|蒋|蔡|余"),
  名: split(
    "小雨|阿明|春生|玉兰|志远|晓月|海棠|文静|大山|秋水|青松|长河|明亮|小满|白露|立夏|书琴|子安",
  ),
  地: split(
    "山谷|河边|森林|码头|集市|塔楼|图书馆|灯塔|旧桥|花园|磨坊|天文台|井边|城墙|草原|雪山|海湾|驿站",
  ),
  物: split(
    "铜行星仪|望远镜|钟表|地图|灯笼|钥匙|信|木箱|齿轮|雨伞|旧书|铃铛|罗盘|茶壶|风筝|镜子|笛子|绳子",
  ),
  色: split("红色|蓝色|绿色|黄色|白色|黑色|银色|金色|灰色|紫色"),
  样: split("安静|明亮|古老|沉重|崭新|温暖|寒冷|奇怪|破旧|精致|柔软|锋利|空空|小小|长长|圆圆"),
  时: split(
    "早晨|中午|傍晚|夜里|春天|夏天|秋天|冬天|下雨的时候|起风的时候|第二天|三天以后|很久以前|天亮之前",
  ),
  动: split("找到|修好|丢掉|带走|藏起|画下|打开|关上|数清|擦亮|借来|卖掉|守住|听见|看见|忘记"),
  兽: split("黑猫|白狗|小鸟|老马|狐狸|乌鸦|鹤|青蛙|兔子|山羊|鱼|蜜蜂"),
  兽动: split(
    "睡着了|抬起头|跑过小路|停在屋顶上|喝了一口水|叫了两声|看着月亮|躲在树后|慢慢走开|打了个哈欠",
  ),
  天: split("太阳|月亮|星星|云|风|雨|雪|雾|行星|银河"),
  天动: split(
    "慢慢升起|落下去了|照在水面上|越来越近|转了一圈|停了|亮了起来|不见了|从东边来|绕着山走",
  ),
  食: split("面条|米饭|饺子|苹果|热茶|馒头|豆腐|汤|糖|花生|橘子|鱼汤"),
  说: split("说|问|回答|喊|小声说|笑着说|叹了口气说|想了想说"),
  话: split(
    "不要着急，慢慢来|每一个齿轮都有它的位置|走得远的人先看清路|星星不说话，可是从不迟到|先数一数，再相信|风会停，灯不要灭|" +
      "小的东西也能转动大的东西|答案就在你手里",
  ),
  感: split("高兴|难过|惊讶|害怕|安心|疲倦|骄傲|好奇"),
  量: split("一|两|三|四|五|六|七|八|九|十|十二|三百六十"),
};

const sentences: readonly string[] = [
  "{时}，{姓}{名}在{地}{动}了一个{色}的{物}。",
  "{人}把{物}放在{样}的桌子上，{说}：“{话}。”",
  "{天}{天动}，{姓}{名}和一位{人}一起走到{地}。",
  "{时}，一只{兽}{兽动}，没有人知道它从哪里来。",
  "“你的{物}呢？”{人}{说}。“我把它留在{地}了。”",
  "{姓}{名}觉得很{感}，因为{物}又{样}又{样}。",
  "他们吃了{量}碗{食}，喝了{量}杯热茶，然后去{地}。",
  "从{地}到{地}要走{量}天，路上只有{兽}和{天}。",
  "{人}有{量}个{物}，都是{色}的，只有一个是{色}的。",
  "{时}，{天}{天动}，{兽}{兽动}，{姓}{名}{动}了那个{物}。",
  "如果{天}{天动}，{人}就会想起{地}，想起那个{样}的{物}。",
  "“{话}。”这是{人}常说的一句话，{姓}{名}现在才明白。",
  "这个{物}在{地}放了{量}年，{时}终于被{姓}{名}{动}了。",
  "{姓}{名}没有说话，只是看着{天}，心里很{感}。",
  "行星仪转了{量}圈，{天}也跟着{天动}。",
];

/**
 * Small Chinese texts, made from our own words: text to learn tokenizers from that needs no download.
 * A line is a paragraph of 3 to 8 sentences. Gives the same text for the same seed; a longer text
 * begins with the shorter ones.
 *
 * @param characters the least length of the text, in UTF-16 units
 * @throws {ConfigError} if `characters` is not a whole number of at least 1.
 */
export function generateChineseStories(seed: number, characters: number): string {
  if (!Number.isSafeInteger(characters) || characters < 1) {
    throw new ConfigError(
      `generateChineseStories: characters must be a whole number of at least 1, got ${characters}`,
    );
  }
  const paragraphs: string[] = [];
  for (let length = 0; length < characters;) {
    const paragraph = generateParagraph(seed, paragraphs.length);
    paragraphs.push(paragraph);
    length += paragraph.length;
  }
  return paragraphs.join("");
}

function generateParagraph(seed: number, index: number): string {
  const generator = random(seed, "chinese stories", index);
  const pick = <T>(list: readonly T[]): T => list[generator.integer(list.length)]!;
  const count = 3 + generator.integer(6);
  const told = Array.from({ length: count }, () =>
    pick(sentences).replaceAll(/\{(.+?)\}/g, (_, slot: string) => pick(words[slot]!)),
  );
  return `${told.join("")}\n`;
}

function split(list: string): readonly string[] {
  return list.split("|");
}
