/** Plots: one look for every chart, as SVG inside a page and as PNG. */
package ebbtide.bench.plot;
