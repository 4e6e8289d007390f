package ebbtide.bench.peers;

import ebbtide.bench.speed.Contestant;

/** A product C [m, n] = A [m, k]·B [k, n] of noise that can show what came out. */
interface BlasProduct extends Contestant {
    /** Returns C of the last call, row-major, without gaps. */
    float[] product();
}
