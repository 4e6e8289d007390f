package ebbtide.bench.cli;

import ebbtide.bench.speed.Figures;
import ebbtide.bench.speed.Ratio;
import ebbtide.bench.speed.Row;
import ebbtide.bench.speed.Speed;
import ebbtide.bench.suite.Suite;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a benchmark as JSON objects. */
final class BenchJson {
    private static final int FUNCTION_VECTOR = 16;

    private BenchJson() {
    }

    static Map<String, Object> row(Suite suite, Row row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("shape", row.work().sizes());
        map.put("cell", row.work().cell());
        map.put("threads", row.threads());
        map.put("kernels", row.ours().name());
        map.put("peakGflops", row.peakGflops());
        put(map, suite, row.ours());
        map.put("ratios", ratios(row.ratios()));
        map.put("ratiosPacked", ratios(row.packedRatios()));
        Map<String, Object> peers = new LinkedHashMap<>();
        for (Figures peer : row.peers()) {
            Map<String, Object> figures = new LinkedHashMap<>();
            put(figures, suite, peer);
            peers.put(peer.name(), figures);
        }
        map.put("peers", peers);
        return map;
    }

    private static void put(Map<String, Object> map, Suite suite, Figures figures) {
        double gflops = figures.whole().gflops();
        if (suite == Suite.ACTIVATION) {
            map.put("nanosPer16", FUNCTION_VECTOR / gflops);
        } else {
            map.put("gflops", gflops);
            map.put("peakShare", figures.whole().peakShare().value());
            Ratio share = figures.whole().peakShare();
            map.put("peakShareInterval", List.of(share.low(), share.high()));
        }
        put(map, "packedGflops", figures.packed());
        put(map, "forwardGflops", figures.forward());
        put(map, "backwardGflops", figures.backward());
        map.put("bytesPerStep", figures.bytesPerStep());
        map.put("processorShare", figures.processorShare());
    }

    private static void put(Map<String, Object> map, String name, Speed speed) {
        if (speed != null) {
            map.put(name, speed.gflops());
        }
    }

    private static Map<String, Object> ratios(Map<String, Ratio> ratios) {
        Map<String, Object> map = new LinkedHashMap<>();
        ratios.forEach((name, ratio) -> map.put(
                name,
                Map.of("value", ratio.value(), "low", ratio.low(), "high", ratio.high())));
        return map;
    }
}
