package ebbtide.engine;

import java.util.ArrayList;
import java.util.List;

/** The stages of a cell for one worker, with what regularisers and records put around them. */
final class StepChain {
    private final Rnn rnn;
    private final Workspace workspace;
    private final LayerWeights weights;
    private final LayerState state;
    private final Masks zoneout;
    private final Masks cellZoneout;
    private final float adjointLimit;

    StepChain(Rnn rnn, Workspace workspace, int run, float adjointLimit) {
        this.rnn = rnn;
        this.workspace = workspace;
        this.adjointLimit = adjointLimit;
        weights = rnn.weights()[run];
        state = workspace.runs[run];
        zoneout = workspace.zoneout[run];
        cellZoneout = workspace.cellZoneout[run];
    }

    List<Stage> forward() {
        List<Stage> stages =
                new ArrayList<>(weights.cell.forward(rnn.kernels(), weights, state));
        if (cellZoneout != null) {
            int complete = weights.cell.cellStateStage();
            Stage stage = stages.get(complete);
            float rate = rnn.regularization().cellZoneout();
            stages.set(
                    complete,
                    stage.with(
                            new Zoneout.Forward(
                                    stage.step(), state, state.cells(), stage.gates(), cellZoneout,
                                    rate, workspace.active)));
        }
        Stage last = stages.removeLast();
        CellStep step = last.step();
        if (zoneout != null) {
            step = new Zoneout.Forward(
                    step, state, state.states(), last.gates(), zoneout,
                    rnn.regularization().zoneout(), workspace.active);
        }
        if (state.mask != null) {
            step = new RecurrentDropout.Forward(step, state, last.gates());
        }
        stages.add(last.with(step));
        return stages;
    }

    List<Stage> backward() {
        List<Stage> stages =
                new ArrayList<>(
                        weights.cell.backward(rnn.kernels(), weights, state, adjointLimit));
        if (cellZoneout != null) {
            Stage last = stages.removeLast();
            stages.add(
                    last.with(
                            new CellZoneout(
                                    last.step(), state, cellZoneout, workspace.active)));
        }
        Stage first = stages.getFirst();
        int terms = first.terms().length;
        CellStep step = first.step();
        if (zoneout != null) {
            step = new Zoneout.Backward(step, state, terms, zoneout, workspace.active);
        }
        if (state.kept != null) {
            step = new AdjointRecorder(step, rnn.kernels().pointwise(), state, terms);
        }
        if (state.mask != null) {
            step = new RecurrentDropout.Backward(step, state, terms);
        }
        stages.set(0, first.with(step));
        return stages;
    }

    /** What is done where no step, but only its initial state is reached. */
    Epilogue.ToRows addToInitial() {
        int terms = rnn.cell().delays().size();
        Epilogue.Add add = new Epilogue.Add(rnn.kernels().pointwise(), terms);
        return state.mask == null ? add : new RecurrentDropout.AddToInitial(add, state, terms);
    }
}
