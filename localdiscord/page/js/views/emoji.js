/** The emoji one can pick, each with its name and, after the comma, words to find it by. The first seven are the ones offered at once. */

export const QUICK = ["💙", "🙏", "😂", "😕", "😢", "❤️", "👍"];

const TABLE = `💙 blue heart, love calm|🙏 folded hands, thanks please pray|😂 tears of joy, laugh funny|😕 confused, unsure|😢 crying, sad tear
❤️ red heart, love|👍 thumbs up, yes good|👎 thumbs down, no bad|😀 grinning, happy|😄 smile, happy|😁 beaming, grin|😅 sweat smile, relief|🤣 rolling, laugh
😊 blush, smile|😇 halo, angel|🙂 slight smile|🙃 upside down|😉 wink|😍 heart eyes, love|🥰 smiling hearts, love|😘 kiss|😋 yum, tasty|😜 wink, tongue
🤪 zany, silly|🤓 nerd, glasses|😎 cool, sunglasses|🥳 party, celebrate|🤩 star struck, wow|🤔 thinking, hmm|🤨 raised eyebrow, doubt|😐 neutral|😑 expressionless
🙄 rolling eyes|😏 smirk|😬 grimace|😴 sleeping, tired|🥱 yawn, bored|😷 mask, ill|🤒 fever, ill|🤯 mind blown|😱 scream, fear|😨 fearful|😰 anxious|😭 sobbing, cry
😤 triumph, huff|😠 angry|😡 rage, angry|🤬 swearing|😳 flushed|🥺 pleading|😮 open mouth, surprise|😲 astonished|😞 disappointed|😔 pensive, sad|🤗 hug|🤝 handshake, agree deal
👏 clapping, applause|🙌 raised hands, hooray|👋 wave, hello bye|✌️ victory, peace|🤞 fingers crossed, luck|👌 ok, perfect|🤏 pinch, small|👀 eyes, look|👁️ eye, see|🧠 brain
💪 strong, muscle|👉 point right|👈 point left|👆 point up|👇 point down|☝️ index up|✋ raised hand, stop|🖖 vulcan|🤷 shrug|🤦 facepalm|🙈 see no evil, monkey
🧡 orange heart|💛 yellow heart|💚 green heart|💜 purple heart|🖤 black heart|🤍 white heart|💔 broken heart|💯 hundred|✨ sparkles|⭐ star|🌟 glowing star|🔥 fire, hot
🎉 party popper, celebrate|🎊 confetti|🎈 balloon|🎁 gift, present|🏆 trophy, win|🥇 gold medal, first|⚽ football, soccer|🏀 basketball|🎵 music note|🎬 film, movie|🎨 palette, art
📰 newspaper, news|🗞️ rolled newspaper|📈 chart up, growth|📉 chart down, fall|📊 bar chart|📌 pin|📎 paperclip|✏️ pencil, write|📝 memo, note|📚 books|🔍 search, find|💡 light bulb, idea
⏰ alarm clock, time|⏳ hourglass, wait|📅 calendar, date|📣 megaphone|🔔 bell|🔕 bell, off|🔒 lock|🔑 key|🛠️ tools, fix|⚙️ gear|🧪 test tube, science|🔬 microscope, science|🔭 telescope, space
🚀 rocket, launch|🛰️ satellite|✈️ plane, travel|🚗 car|🚲 bicycle|🚆 train|🏠 house, home|🏙️ city|🏛️ government, building|🌍 globe europe, world earth|🌎 globe america, world earth|🌏 globe asia, world earth
☀️ sun|🌤️ sun behind cloud|🌧️ rain|⛈️ storm|❄️ snow, cold|🌊 wave, sea|🌈 rainbow|🌱 plant, grow|🌳 tree|🌸 blossom, flower|🍀 clover, luck|🍎 apple|🍕 pizza|🍰 cake|☕ coffee|🍺 beer|🍷 wine
🐶 dog|🐱 cat|🦊 fox|🐻 bear|🐼 panda|🦁 lion|🐸 frog|🐧 penguin|🦉 owl|🦋 butterfly|🐝 bee|🐢 turtle|🐳 whale|🦄 unicorn
✅ check, done yes|❌ cross, no|❗ exclamation|❓ question|⚠️ warning|⛔ no entry|🚫 forbidden|➕ plus|➖ minus|🔴 red|🟠 orange|🟡 yellow|🟢 green|🔵 blue|🟣 purple|⚫ black|⚪ white
🇪🇺 europe flag|🇺🇳 united nations flag|🏳️‍🌈 rainbow flag|🏁 finish flag|⚖️ justice, law scales|💰 money|💶 euro money|💵 dollar money|🗳️ vote, ballot|🎓 education, graduate|🏥 hospital, health|💊 medicine, pill`;

/** `[{emoji, name, words}]`, in the order shown; `words` are what a search looks through. */
export const EMOJI = TABLE.split(/[|\n]/).map((entry) => {
  const space = entry.indexOf(" ");
  const words = entry.slice(space + 1);
  return { emoji: entry.slice(0, space), name: words.split(", ", 1)[0], words };
});

const BY_EMOJI = new Map(EMOJI.map(({ emoji, name }) => [emoji, name]));

/** A name to read out: "blue heart", or the emoji itself when it is not in the table. */
export const emojiName = (emoji) => BY_EMOJI.get(emoji) ?? emoji;
