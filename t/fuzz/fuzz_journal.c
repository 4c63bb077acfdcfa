/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_journal.c - any bytes are a journal, of which settling changes the
 * results of pending lines and nothing else
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#include "base/fsx.h"
#include "change/journal.h"

/* Some are to be told, and some not yet. */
static const char *
settle(void *arg, const char *action, const char *queue, const char *id)
{
	size_t *asked = arg;

	FUZZ_MUST(strpbrk(action, "\t\n") == NULL);
	FUZZ_MUST(strpbrk(queue, "\t\n") == NULL);
	FUZZ_MUST(strpbrk(id, "\t\n") == NULL);
	(*asked)++;
	return strlen(id) % 4 == 3 ? NULL : "done";
}

/* "pending   " to "done      ", n times, and each where a line ends. */
static void
must_be_settled(const char *was, const char *is, size_t size, size_t n)
{
	static const char from[] = JOURNAL_PENDING "   ", to[] = "done      ";
	size_t i, found = 0;

	for (i = 0; i < size; i++) {
		if (was[i] == is[i])
			continue;
		FUZZ_MUST(i > 0 && size - i > JOURNAL_RESULT);
		FUZZ_MUST(was[i - 1] == '\t');
		FUZZ_MUST(strncmp(was + i, from, sizeof(JOURNAL_PENDING) - 1) ==
		    0);
		FUZZ_MUST(memcmp(is + i, to, JOURNAL_RESULT) == 0);
		FUZZ_MUST(was[i + JOURNAL_RESULT] == '\n');
		i += JOURNAL_RESULT;
		found++;
	}
	FUZZ_MUST(found == n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct journal j = JOURNAL_INIT;
	struct buf after = BUF_INIT;
	size_t settled, asked = 0, again = 0, left;

	j.fd = fuzz_file(bytes, n);
	FUZZ_MUST(journal_settle(&j, settle, &asked, &settled) == 0);
	FUZZ_MUST(settled <= asked);
	FUZZ_MUST(lseek(j.fd, 0, SEEK_SET) == 0);
	FUZZ_MUST(fsx_read_fd(j.fd, n, &after) == 0 && after.len == n);
	must_be_settled((const char *)bytes, buf_str(&after), n, settled);

	/* What was settled is not asked for again. */
	FUZZ_MUST(journal_settle(&j, settle, &again, &left) == 0);
	FUZZ_MUST(left == 0 && again == asked - settled);
	buf_free(&after);
	return 0;
}
