// Seeded choices, so that a failed run can be planned again. (What the machine does in between is its own affair.)

export class Random {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  // [0, 1), mulberry32.
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(least, most) {
    return least + this.next() * (most - least);
  }

  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  // From [[weight, value], …].
  weighted(table) {
    let at = this.next() * table.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of table) {
      at -= weight;
      if (at < 0) return value;
    }
    return table.at(-1)[1];
  }

  shuffled(list) {
    const rest = [...list];
    const out = [];
    while (rest.length > 0) out.push(...rest.splice(Math.floor(this.next() * rest.length), 1));
    return out;
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
