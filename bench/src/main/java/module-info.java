/** The {@code ebbtide} command, JMH suites, peers and reports. */
module ebbtide.bench {
    requires ebbtide.kernels;
    requires ebbtide.engine;
    requires ebbtide.openblas;
    requires java.desktop;
    requires java.management;
    requires jdk.jfr;
    requires jdk.management;
    requires static jdk.incubator.vector;
    requires com.fasterxml.jackson.databind;
    requires com.google.protobuf;
    requires info.picocli;
    requires ejml.core;
    requires ejml.ddense;
    requires jmh.core;
    requires org.apache.commons.csv;
    requires me.tongfei.progressbar;
    requires org.tribuo.util.onnx;
    requires xchart;
    requires dev.ludovic.netlib.blas;

    opens ebbtide.bench to
            info.picocli;
    opens ebbtide.bench.cli to
            info.picocli;
}
