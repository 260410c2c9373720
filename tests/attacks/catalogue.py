"""The attacks: each is a file in ``submissions/``; here stands what stops it, and what its reason says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.attacks.layers import BOUNDING_TCP, OF_ROOT, SCOPING

__all__ = ["ATTACKS", "SUBMISSIONS", "Attack"]

SUBMISSIONS = Path(__file__).with_name("submissions")
DENIED = "Permission denied"
REFUSED = "Operation not permitted"
EXPECTED = "expected"
UNASKED = "the process sent a reply to something that it was not asked"
COMPARED = ("values are compared",)


@dataclass(frozen=True)
class Attack:
    """What one submission tries.

    Args:
        stopped_by: names of the controls: each of them alone stops it, and with all of them switched off it succeeds.
        reason: words of the reason that the learner is given.
        effect: what it brings about beside a score: a file, a word on the terminal, the end of a process, or another
            reason; the name of a function in ``effects.py``. Where it is empty, success is full marks.
        runs: how often the file is graded.
    """

    name: str
    stopped_by: tuple[str, ...]
    reason: str
    effect: str = ""
    backend: str = "numpy"
    runs: int = 1

    @property
    def text(self) -> str:
        return (SUBMISSIONS / f"{self.name}.py").read_text(encoding="utf-8")


SILENCE = ("silence is no answer",)
ENDS = [
    Attack("exit_by_os_exit", SILENCE, "the process ended itself with exit code 0"),
    Attack("exit_by_os_exit_while_loading", SILENCE, "exit code 0 while the file was loaded"),
    Attack("exit_by_sys_exit", SILENCE, "raises SystemExit: 0"),
    Attack("exit_handler_that_reports_success", COMPARED, EXPECTED),
    Attack("exit_when_the_answer_is_forgotten", SILENCE, "the process ended itself with exit code 0"),
    Attack("end_by_a_signal_to_itself", SILENCE, "the process was ended by SIGTERM"),
]
BELONGS = ("nonce and number of a reply",)
FORGED = [
    Attack("forge_a_report_on_stdout", ("workers have no terminal",), EXPECTED, "printed"),
    Attack("forge_a_report_in_a_file", ("landlock",), DENIED, "reported"),
    Attack("forge_a_reply_in_every_descriptor", BELONGS, UNASKED, "believed"),
    Attack("forge_a_reply_with_the_stolen_nonce", (*COMPARED, "inputs are compared"), "the answer is None"),
    Attack("reply_that_has_passed", (*COMPARED, "inputs are compared"), "the answer is None"),
    Attack("reply_to_fewer_cases", SILENCE, "the process did not answer every case"),
    Attack("send_a_frame_that_announces_too_much", ("frames are bounded",), "announces too much", "waited for"),
    Attack("send_a_frame_that_is_cut_short", SILENCE, "the process ended itself with exit code 0"),
    Attack("send_every_reply_twice", BELONGS, UNASKED, "answered beforehand"),
    Attack("send_replies_out_of_order", BELONGS, UNASKED, "answered beforehand"),
    Attack("send_a_flood_of_frames", ("a frame that is no reply ends the process",), UNASKED),
    Attack("send_the_answer_as_a_trickle", ("one deadline for all bytes",), "no answer within"),
    Attack("send_a_pickle", ("replies are no pickles",), "the frame's text is wrong", "unpickled"),
]
PATCHED = [
    Attack("patch_numpy_allclose", COMPARED, EXPECTED),
    Attack("patch_unittest", COMPARED, EXPECTED),
    Attack("patch_builtins", COMPARED, EXPECTED),
    Attack("patch_sys_modules", COMPARED, EXPECTED),
    Attack("patch_the_import", COMPARED, EXPECTED),
    Attack("patch_torch_equal", COMPARED, EXPECTED, backend="torch"),
]
CROSSES = ("what cannot cross equals nothing",)
OBJECTS = [
    Attack("answer_that_equals_everything", CROSSES, "is an activation_numpy.Everything, expected"),
    Attack("array_that_equals_everything", COMPARED, EXPECTED),
    Attack("array_that_computes_for_the_judge", COMPARED, EXPECTED),
    Attack("array_of_objects", CROSSES, "is an array of dtype object, expected"),
    Attack("number_of_a_class_of_its_own", CROSSES, "is an activation_numpy.Everything, expected"),
    Attack("tensor_that_computes_for_the_judge", COMPARED, EXPECTED, backend="torch"),
    Attack("gradient_of_its_own", COMPARED, "the gradient with respect to x", backend="torch"),
]
FILES = ("landlock",)
READING = [
    Attack("read_another_submission", FILES, DENIED),
    Attack("read_what_a_link_points_to", FILES, DENIED),
    Attack("read_the_progress", FILES, DENIED),
    Attack("read_the_cache", FILES, DENIED),
    Attack("read_the_reference", FILES, DENIED),
    Attack("read_the_plugin", FILES, DENIED),
    Attack("read_the_parent_in_proc", ("landlock", OF_ROOT), DENIED),
    Attack("read_the_memory_of_the_grader", ("landlock", OF_ROOT), DENIED),
    Attack("read_the_memory_by_a_system_call", ("landlock", OF_ROOT, "seccomp"), "process_vm_readv"),
    Attack("read_the_environment", ("a small environment",), "KeyError: 'GRADLINGS_TEST_SECRET'"),
    Attack("import_the_installed_course", ("landlock", "modules are granted by name"), "No module named 'grader'"),
    Attack("import_the_course_by_its_path", FILES, "solutions"),
    Attack("import_a_denied_distribution", FILES, DENIED),
    Attack("walk_the_frames_for_expected_values", ("requests hold arguments only",), "no expected values in any frame"),
    Attack(
        "walk_the_garbage_collector_for_a_canary",
        ("the reference has a process of its own",),
        "no canary in this process",
    ),
    Attack("write_to_inherited_descriptors", ("children have one descriptor",), "no descriptor but its own"),
    Attack("look_for_a_thread_that_is_not_confined", ("nothing runs before it is confined",), "no thread but its own"),
    Attack("files_that_shadow_others", ("interpreters look at nothing beside them",), EXPECTED),
]
CLOCK = ("the wall clock",)
WATCH = ("a running process is watched",)
RESOURCES = [
    Attack("fork_bomb", ("seccomp",), REFUSED),
    Attack("program_that_is_started", ("seccomp", "landlock"), REFUSED),
    Attack("thread_bomb", WATCH, "the process was ended: it started more than"),
    Attack("threads_that_spin", CLOCK, "no answer within"),
    Attack("memory_bomb", ("limits",), "MemoryError"),
    Attack("memory_that_nobody_counts", ("seccomp",), REFUSED),
    Attack("loop_that_catches_everything", CLOCK, "no answer within"),
    Attack("output_without_end", ("printed text is bounded",), "printed more than 20,000 characters"),
    Attack("file_that_fills_the_disk", ("limits",), "File too large"),
    Attack("files_without_end", WATCH, "it made more than 10,000 files"),
    Attack("room_that_is_reserved", WATCH, "it wrote more than 256 MiB to files"),
    Attack("descriptors_without_end", ("limits",), "Too many open files"),
]
CALLS = ("seccomp",)
SIGNALS = ("seccomp", SCOPING)
NETWORK = [
    Attack("ask_an_accomplice_over_tcp", ("seccomp", BOUNDING_TCP), REFUSED),
    Attack("ask_an_accomplice_over_udp", CALLS, REFUSED),
    Attack("ask_an_accomplice_over_dns", CALLS, REFUSED),
    Attack("ask_an_accomplice_over_a_unix_socket", CALLS, REFUSED),
    Attack("ask_an_accomplice_over_an_abstract_socket", ("seccomp", SCOPING), REFUSED),
    Attack("talk_to_the_kernel_over_netlink", CALLS, REFUSED),
]
OTHERS = [
    Attack("kill_the_parent", SIGNALS, REFUSED, "parent ended"),
    Attack("kill_a_sibling", SIGNALS, REFUSED, "sibling ended"),
    Attack("kill_a_stranger", SIGNALS, REFUSED, "stranger ended"),
    Attack("poison_the_cache", FILES, DENIED, "cache poisoned"),
    Attack("poison_shared_memory", FILES, DENIED, "shared memory poisoned"),
    Attack("poison_the_home", FILES, DENIED, "home poisoned"),
    Attack("open_a_message_queue", ("seccomp", "landlock"), REFUSED),
    Attack("swap_its_own_folder", FILES, DENIED, "folder swapped"),
    Attack("poison_its_neighbour", FILES, DENIED, "neighbour gone"),
    Attack("leave_a_note_for_the_next_run", ("scratch", "landlock"), EXPECTED, runs=2),
]
STRICT = ("comparison is strict",)
ANSWERS = [
    Attack("answer_of_nan", STRICT, "is nan, expected"),
    Attack("answer_of_infinity", STRICT, "is inf, expected"),
    Attack("answer_of_a_broadcastable_shape", STRICT, "has shape (1,"),
    Attack("answer_in_half_precision", STRICT, "off by"),
    Attack("answer_of_another_dtype", ("dtypes are compared",), "has dtype float64, expected float32"),
    Attack("mutated_inputs", ("inputs are compared",), "changes its argument x in place"),
    Attack("one_buffer_for_all_calls", ("a late look at all answers",), "a later call writes into the same memory"),
    Attack("hard_coded_public_cases", ("cases are drawn",), EXPECTED),
    Attack("predicted_cases", ("the seed is secret",), EXPECTED),
]
SHOWN = [
    Attack("steer_whoever_reads", ("text of strangers is shown as text",), "<script>alert(1)</script>", "steered"),
]
ATTACKS = [*ENDS, *FORGED, *PATCHED, *OBJECTS, *READING, *RESOURCES, *NETWORK, *OTHERS, *ANSWERS, *SHOWN]
