// kill -9: at random moments, and beside them one or two in each named window of a unit's life.
import { sleep } from './random.mjs';
import { windows } from './windows.mjs';

const roundsPerWindow = 2;
const triesPerRound = 8;
const secondRoundWithinMs = 150_000; // A slow machine does the first round only.

async function killAtRandom(campaign) {
  const { world } = campaign;
  await sleep(world.random.between(100, 1_200));
  await Promise.allSettled([...world.open].filter((buyer) => buyer.orderNo).map((buyer) => buyer.glance()));
  await campaign.kill();
  await campaign.restart();
  await campaign.lookBack();
}

// Until it is reached once more; a moment that lasts a millisecond may be missed a few times.
async function killInWindow(campaign, name) {
  for (let tries = 0; tries < triesPerRound; ++tries) {
    const before = campaign.kills;
    const kill = async () => {
      await campaign.kill(name);
      await campaign.restart();
    };
    const isReached = await windows[name](campaign.world, kill);
    if (campaign.kills > before) await campaign.lookBack();
    if (!isReached) continue;
    ++campaign.reached[name];
    return;
  }
}

// → the episodes in their order: the random kills are spread evenly among the windows.
export function planKills(random, randomKills) {
  const names = Array.from({ length: roundsPerWindow }, () => random.shuffled(Object.keys(windows)));
  const perWindow = names.flat().length / Math.max(1, randomKills);
  let spentMs = 0;
  const timed = (episode) => async (campaign) => {
    const began = Date.now();
    await episode(campaign);
    spentMs += Date.now() - began;
  };
  const isLeftOut = (round) => round > 0 && spentMs > secondRoundWithinMs;
  const episodes = names.flatMap((list, round) =>
    list.map((name) => timed((campaign) => (isLeftOut(round) ? null : killInWindow(campaign, name)))),
  );
  const before = Array.from({ length: randomKills }, (_, i) => Math.floor(i * perWindow));
  return [...before.map((at) => [at, timed(killAtRandom)]), ...episodes.map((episode, at) => [at + 0.5, episode])]
    .sort(([a], [b]) => a - b)
    .map(([, episode]) => episode);
}
