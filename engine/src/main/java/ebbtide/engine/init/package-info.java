/** Initialisers of weight matrices. */
package ebbtide.engine.init;
