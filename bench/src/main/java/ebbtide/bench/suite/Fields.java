package ebbtide.bench.suite;

import ebbtide.bench.peers.AbsentPeerException;
import ebbtide.bench.peers.Peers;
import ebbtide.bench.speed.Contestant;
import ebbtide.bench.speed.EngineStep;
import ebbtide.bench.speed.EngineTraining;
import ebbtide.bench.speed.FunctionPass;
import ebbtide.bench.speed.LibraryProduct;
import ebbtide.bench.speed.PackedProduct;
import ebbtide.bench.speed.Shape;
import ebbtide.bench.speed.StepCell;
import ebbtide.bench.speed.StepData;
import ebbtide.bench.speed.Workload;
import ebbtide.bench.train.Models;
import ebbtide.engine.Workers;
import ebbtide.kernels.Activation;
import ebbtide.kernels.KernelSelection;
import ebbtide.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * Who competes at what: ours first, then other kernels in our engine, the scalar reference where it is fast
 * enough, the peers.
 */
final class Fields {
    /** 50 MFLOP: some ten milliseconds of the scalar kernels. */
    private static final double SCALAR_FLOPS = 50e6;

    /** 1 GFLOP: some fifty milliseconds of VectorBLAS. */
    private static final double VECTORBLAS_FLOPS = 1e9;

    private Fields() {
    }

    /** A peer's way to its contestant. */
    private interface Entrant {
        Contestant enter(String peer) throws AbsentPeerException;
    }

    static List<Contestant> step(
            Kernels ours, Workers workers, Shape shape, StepCell cell, Workload work) {
        StepData data = StepData.of(shape, cell);
        List<Contestant> all = new ArrayList<>();
        engines(ours, work).forEach(
                kernels -> all.add(new EngineStep(kernels, workers, data)));
        return withPeers(all, work, peer -> Peers.step(peer, data, workers.threads()));
    }

    /** Ours against oneDNN alone. */
    static List<Contestant> duel(Kernels ours, Workers workers, Shape shape, StepCell cell) {
        StepData data = StepData.of(shape, cell);
        List<Contestant> both = new ArrayList<>(List.of(new EngineStep(ours, workers, data)));
        enter(both, Peers.ONEDNN, peer -> Peers.step(peer, data, workers.threads()));
        return both;
    }

    static List<Contestant> training(
            Kernels ours, Workers workers, Shape shape, StepCell cell, Workload work) {
        StepData data = StepData.of(shape, cell);
        List<Contestant> all = new ArrayList<>();
        engines(ours, work).forEach(
                kernels -> all.add(new EngineTraining(kernels, workers, data)));
        return withPeers(all, work, peer -> Peers.training(peer, data, workers.threads()));
    }

    static List<Contestant> product(
            Kernels ours, Workers workers, int m, int n, int k, Workload work) {
        List<Contestant> all = new ArrayList<>();
        all.add(new PackedProduct(ours, workers, m, n, k));
        Models.openBlas().ifPresent(
                library -> all.add(new LibraryProduct(library, workers, m, n, k)));
        if (scalarToo(ours, work)) {
            all.add(new PackedProduct(KernelSelection.reference(), workers, m, n, k));
        }
        return withPeers(all, work, peer -> Peers.product(peer, m, n, k, workers.threads()));
    }

    static List<Contestant> function(Kernels ours, Activation function) {
        List<Contestant> all = new ArrayList<>();
        all.add(new FunctionPass(ours, function));
        if (ours.lanes() > 1) {
            all.add(new FunctionPass(KernelSelection.reference(), function));
        }
        return all;
    }

    /** Ours; the exact ones, if ours are not; those with OpenBLAS for all merged products. */
    private static List<Kernels> engines(Kernels ours, Workload work) {
        Kernels exact = KernelSelection.selected().kernels();
        List<Kernels> all = new ArrayList<>(List.of(ours));
        if (!ours.exact()) {
            all.add(exact);
        }
        Models.openBlas().map(exact::with)
                .filter(kernels -> !kernels.name().equals(ours.name()))
                .ifPresent(all::add);
        if (scalarToo(ours, work)) {
            all.add(KernelSelection.reference());
        }
        return all;
    }

    private static boolean scalarToo(Kernels ours, Workload work) {
        return ours.lanes() > 1 && work.flops() <= SCALAR_FLOPS;
    }

    private static List<Contestant> withPeers(
            List<Contestant> all, Workload work, Entrant entrant) {
        for (String peer : Peers.NAMES) {
            if (!peer.equals(Peers.VECTORBLAS) || work.flops() <= VECTORBLAS_FLOPS) {
                enter(all, peer, entrant);
            }
        }
        return all;
    }

    private static void enter(List<Contestant> all, String peer, Entrant entrant) {
        try {
            all.add(entrant.enter(peer));
        } catch (AbsentPeerException e) {
            // The report's head says why; here its columns stay empty.
        }
    }
}
