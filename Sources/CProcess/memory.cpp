#include "cprocess.h"

#include <csignal>
#include <cstddef>
#include <initializer_list>
#include <new>

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

volatile sig_atomic_t exit_status = 0;
volatile size_t limit = 0;

/* Whether less than half of the limit is left. Asking for it changes nothing: nothing is touched. */
bool is_short_of_memory() {
    if (limit == 0) return false;
    const size_t half = limit / 2;
    void *rest = mmap(
        nullptr, half, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (rest == MAP_FAILED) return true;
    munmap(rest, half);
    return false;
}

void give_up() { _exit(exit_status); }

/* Runs in a broken process: only calls that are safe in a signal handler. */
void on_fatal_signal(int number, siginfo_t *info, void *) {
    constexpr size_t null_page_bytes = 1 << 20;
    const bool is_null_access =
        number != SIGSEGV || reinterpret_cast<size_t>(info->si_addr) < null_page_bytes;
    if (is_null_access && is_short_of_memory()) _exit(exit_status);
    signal(number, SIG_DFL);
    raise(number);
}

}  // namespace

extern "C" void cprocess_exit_when_out_of_memory(int status) {
    exit_status = status;
    std::set_new_handler(give_up);
    struct sigaction action = {};
    action.sa_sigaction = on_fatal_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    for (int number : {SIGABRT, SIGILL, SIGTRAP, SIGSEGV}) sigaction(number, &action, nullptr);
}

extern "C" void cprocess_note_memory_limit(size_t byte_count) { limit = byte_count; }

extern "C" void cprocess_return_memory(void) { malloc_trim(0); }
