/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_mta_change.c - changes of a server that has neither sendmail's locks nor
 * its files: what lib/change does is the same
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "maildir.h"
#include "surveyed.h"

#include "base/fsx.h"
#include "change/flush.h"
#include "change/place.h"
#include "change/settle.h"
#include "mta/sendmail/change.h"
#include "mta/sendmail/sendmail.h"

#define NOW SURVEYED_NOW

/* A test may put another table of changes in its place. */
static struct mta maildir;

/* --- a queue ------------------------------------------------------------- */

struct mail {
	const char *relay;
	int64_t arrival;
};

static const struct mail spam = { "[192.0.2.66]", NOW - 100 };
static const struct mail ham = { "[192.0.2.67]", NOW - 100 };
static const struct mail more = { "[192.0.2.66]", NOW - 1 };

static struct queue_list queues;
static struct mta_place_list places;
static struct journal journal;
static struct gather_name names[8];
static size_t nnames;

static void
open_queue(void)
{
	struct buf why = BUF_INIT;

	TREE_MAKE("q/new/", "q/cur/", "q/hold/");
	maildir = maildir_mta;
	queues = (struct queue_list)QUEUE_LIST_INIT;
	assert_int_equal(queue_list_add_spec(&queues, &maildir, "q"), 0);
	assert_int_equal(place_list_open(&places, &queues), 0);
	assert_int_equal(places.v[0].error, 0);
	journal = (struct journal)JOURNAL_INIT;
	if (journal_open(&journal, "journal", &why) != 0)
		fail_msg("%s", buf_str(&why));
	nnames = 0;
}

static void
close_queue(void)
{
	journal_close(&journal);
	place_list_close(&places);
	queue_list_free(&queues);
}

static uint64_t
inode(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return (uint64_t)st.st_ino;
}

/* Finds all messages, and notes the one of this path for flush(). */
static void
find_as(const char *path, int64_t arrival, enum mta_state state)
{
	const struct wanted wanted = { .now = NOW };
	const struct survey_options opt = { .now = NOW, .held = true };
	const char *name = strrchr(path, '/') + 1;
	struct gather g;
	struct span id;
	size_t i, n = nnames;

	assert_int_equal(gather_take(&g, &queues, &places, &opt, &wanted), 0);
	for (i = 0; i < g.n; i++) {
		id = mta_id(&maildir, g.v[i].name);
		if (strcmp(id.p, name) == 0)
			names[nnames++] = g.v[i];
	}
	assert_int_equal(nnames, n + 1);
	assert_int_equal(names[n].ino, inode(path));
	assert_int_equal(names[n].arrival, arrival);
	assert_int_equal(names[n].state, state);
	gather_free(&g);
}

static void
find(const char *path, int64_t arrival)
{
	find_as(path, arrival, path[2] == 'h' ? MTA_HELD : MTA_QUEUED);
}

static void
make(const char *path, const struct mail *m)
{
	maildir_make(path, m->relay, m->arrival);
}

static void
add(const char *path, const struct mail *m)
{
	make(path, m);
	find(path, m->arrival);
}

/* Another message takes the id of one. */
static void
replace(const char *path, const struct mail *m)
{
	make("q/other", m);
	assert_int_equal(rename("q/other", path), 0);
}

static void
assert_text(const char *path, const char *want)
{
	struct buf b = BUF_INIT;

	assert_int_equal(fsx_read(AT_FDCWD, path, 0, 1 << 20, &b), 0);
	unit_assert_text(buf_str(&b), want, path);
	buf_free(&b);
}

/* Is this message there, with its body; NULL: is there none? */
static void
assert_mail(const char *path, const struct mail *want)
{
	struct buf b = BUF_INIT;

	if (want == NULL) {
		if (access(path, F_OK) == 0)
			fail_msg("%s is there", path);
		return;
	}
	make("want", want);
	assert_int_equal(fsx_read(AT_FDCWD, "want", 0, 1 << 20, &b), 0);
	assert_text(path, buf_str(&b));
	buf_free(&b);
}

/* Changes all that was found and is of the spammer, by this clock. */
static struct flush_count
flush(enum change_action action, const struct when_clock *clock)
{
	struct selector selector = SELECTOR_INIT;
	const struct wanted wanted = {
		.selector = &selector,
		.now = NOW,
		.state = action == CHANGE_HOLD ? MTA_QUEUED :
		    action == CHANGE_RELEASE   ? MTA_HELD :
						 MTA_NOTHING,
	};
	struct mta_session session = {
		.action = action,
		.homes = &places,
		.clock = clock,
	};
	const struct flush_options opt = {
		.run = {
			.mta = &maildir,
			.session = &session,
			.places = &places,
			.wanted = &wanted,
			.journal = &journal,
			.clock = clock,
		},
	};
	struct flush_count count = { .fatal = NULL };
	struct buf why = BUF_INIT;

	assert_int_equal(selector_parse(&selector, "192.0.2.66", &why), 0);
	assert_int_equal(flush_run(names, nnames, &opt, &count), 0);
	selector_free(&selector);
	return count;
}

/* The fields of the journal's lines from the id on, less relay and sender. */
static void
assert_journal(const char *want)
{
	struct buf b = BUF_INIT, got = BUF_INIT;
	char *line, *rest, *field[8];
	size_t i;

	assert_int_equal(fsx_read(AT_FDCWD, "journal", 0, 1 << 20, &b), 0);
	for (rest = b.data; (line = strsep(&rest, "\n")) != NULL && *line;) {
		for (i = 0; i < ROWS(field); i++)
			assert_non_null(field[i] = strsep(&line, "\t"));
		field[7][strcspn(field[7], " ")] = '\0';
		buf_addf(&got, "%s %s %s\n", field[1], field[3], field[7]);
	}
	unit_assert_text(buf_str(&got), want, "journal");
	buf_free(&b);
	buf_free(&got);
}

/* --- tests --------------------------------------------------------------- */

/* Held, released, held, deleted; what vanished, or is not meant, stays out. */
static void
test_actions(void **state)
{
	struct flush_count n;
	uint64_t a;

	(void)state;
	open_queue();
	add("q/cur/a", &spam);
	add("q/cur/b", &spam);
	add("q/cur/gone", &spam);
	add("q/cur/ham", &ham);
	assert_int_equal(unlink("q/cur/gone"), 0);
	a = names[0].ino;
	n = flush(CHANGE_HOLD, &surveyed_still);
	assert_int_equal(n.n[CHANGE_DONE], 2);
	assert_int_equal(n.n[CHANGE_GONE], 1);
	assert_string_equal(n.example[CHANGE_GONE].name, "gone");
	assert_int_equal(n.n[CHANGE_OTHER], 1);
	assert_string_equal(n.example[CHANGE_OTHER].why,
	    "no longer what was selected");
	assert_mail("q/cur/a", NULL);
	assert_mail("q/hold/a", &spam);
	assert_mail("q/hold/b", &spam);
	assert_mail("q/cur/ham", &ham);
	assert_int_equal(inode("q/hold/a"), a);

	nnames = 0;
	find("q/hold/a", NOW - 100);
	n = flush(CHANGE_RELEASE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_DONE], 1);
	assert_mail("q/hold/a", NULL);
	assert_mail("q/cur/a", &spam);

	nnames = 0;
	find("q/cur/a", NOW - 100);
	find("q/hold/b", NOW - 100);
	n = flush(CHANGE_DELETE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_DONE], 2);
	assert_mail("q/cur/a", NULL);
	assert_mail("q/hold/a", NULL);
	assert_mail("q/hold/b", NULL);
	assert_mail("q/cur/ham", &ham);

	nnames = 0;
	find("q/cur/ham", NOW - 100);
	replace("q/cur/ham", &spam);
	names[0].ino = 0; /* nobody knows it: what it is now counts */
	n = flush(CHANGE_MOVE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_REFUSED], 1);
	close_queue();
}

/*
 * What waits is found wherever it lies, and what is released waits in cur; what
 * is still being received is no message.
 */
static void
test_where(void **state)
{
	struct buf want = BUF_INIT;
	struct flush_count n;

	(void)state;
	open_queue();
	add("q/new/n1", &spam);
	add("q/cur/x/x1", &spam);
	add("q/new/draft", &spam);
	assert_int_equal(chmod("q/new/draft", 0600), 0);
	n = flush(CHANGE_HOLD, &surveyed_still);
	assert_int_equal(n.n[CHANGE_DONE], 2);
	assert_int_equal(n.n[CHANGE_GONE], 1);
	assert_mail("q/new/n1", NULL);
	assert_mail("q/cur/x/x1", NULL);
	assert_mail("q/new/draft", &spam);
	buf_addf(&want,
	    "hold n1 inode=%ju arrival=1795342400 done\n"
	    "hold x1 inode=%ju arrival=1795342400 done\n",
	    (uintmax_t)names[0].ino, (uintmax_t)names[1].ino);
	assert_journal(buf_str(&want));
	buf_free(&want);
	nnames = 0;
	find("q/hold/n1", NOW - 100);
	find("q/hold/x1", NOW - 100);
	n = flush(CHANGE_RELEASE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_DONE], 2);
	assert_mail("q/cur/n1", &spam);
	assert_mail("q/cur/x1", &spam);
	close_queue();
}

/* Where its directory does not hold a message, no rename releases it. */
static void
test_line(void **state)
{
	static const struct mail held = { "[192.0.2.66]\nheld", NOW - 100 };
	struct flush_count n;

	(void)state;
	open_queue();
	make("q/cur/a", &held);
	find_as("q/cur/a", NOW - 100, MTA_HELD);
	n = flush(CHANGE_RELEASE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_REFUSED], 1);
	assert_mail("q/cur/a", &held);
	n = flush(CHANGE_HOLD, &surveyed_still);
	assert_int_equal(n.n[CHANGE_OTHER], 1);
	assert_mail("q/cur/a", &held);
	n = flush(CHANGE_DELETE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_DONE], 1);
	assert_mail("q/cur/a", NULL);
	assert_mail("q/hold/a", NULL);
	close_queue();
}

/* A message that has the id of one that was found is left as it is. */
static void
test_other(void **state)
{
	struct flush_count n;

	(void)state;
	open_queue();
	add("q/cur/inode", &spam);
	add("q/cur/arrival", &spam);
	replace("q/cur/inode", &spam);
	make("q/cur/arrival", &more);
	assert_int_equal(inode("q/cur/arrival"), names[1].ino);
	n = flush(CHANGE_DELETE, &surveyed_still);
	assert_int_equal(n.n[CHANGE_OTHER], 2);
	assert_string_equal(n.example[CHANGE_OTHER].why,
	    "another message has its id");
	assert_mail("q/cur/inode", &spam);
	assert_mail("q/cur/arrival", &more);
	assert_journal("");
	close_queue();
}

/* The time of the journal's lines is asked for after claim, before commit. */
static int64_t
replacing(void *arg)
{
	(void)arg;
	replace("q/cur/a", &more);
	assert_int_equal(unlink("q/cur/b"), 0);
	return NOW;
}

static int64_t
still(void *arg)
{
	(void)arg;
	return 0;
}

/* What was put back counts as never begun. */
static int
commit_told(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	int rc = maildir_mta.change->commit(s, v, n, why);
	size_t i;

	for (i = 0; i < n; i++)
		assert_int_equal(v[i]->begun, v[i]->result == CHANGE_DONE);
	return rc;
}

/* The same, when the id changes hands at the last moment. */
static void
test_late(void **state)
{
	const struct when_clock clock = { replacing, still, NULL };
	struct mta_change change = *maildir_mta.change;
	struct buf want = BUF_INIT;
	struct flush_count n;

	(void)state;
	open_queue();
	change.commit = commit_told;
	change.prepare = NULL; /* nothing is to be prepared for this */
	maildir.change = &change;
	add("q/cur/a", &spam);
	add("q/cur/b", &spam);
	add("q/cur/c", &spam);
	n = flush(CHANGE_DELETE, &clock);
	assert_int_equal(n.n[CHANGE_OTHER], 1);
	assert_int_equal(n.n[CHANGE_GONE], 1);
	assert_int_equal(n.n[CHANGE_DONE], 1);
	assert_mail("q/cur/a", &more);
	assert_mail("q/hold/a", NULL);
	assert_mail("q/cur/c", NULL);
	assert_mail("q/hold/c", NULL);
	buf_addf(&want,
	    "delete a inode=%ju arrival=1795342400 other\n"
	    "delete b inode=%ju arrival=1795342400 gone\n"
	    "delete c inode=%ju arrival=1795342400 done\n",
	    (uintmax_t)names[0].ino, (uintmax_t)names[1].ino,
	    (uintmax_t)names[2].ino);
	assert_journal(buf_str(&want));
	buf_free(&want);
	close_queue();
}

/* A line that a run was killed over. */
static void
pend(struct buf *lines, enum change_action action, size_t i)
{
	const struct mta_message m = {
		.place = places.v,
		.name = names[i].name,
		.id = { names[i].name, strlen(names[i].name) },
		.ino = names[i].ino,
		.arrival = names[i].arrival,
	};
	const struct envelope e = { .arrival = -1 };
	struct buf id = BUF_INIT;

	settle_add_id(&id, &m);
	journal_add(lines, NOW, change_action_name(action), places.v[0].path,
	    buf_str(&id), &e, "1:b@lab.example");
	buf_free(&id);
}

static void
test_settle(void **state)
{
	static const struct {
		const char *path; /* where it was found */
		enum change_action action;
		const char *now; /* where it is; or NULL */
		const char *result;
	} rows[] = {
		{ "q/cur/a", CHANGE_HOLD, "q/hold/a", "done" },
		{ "q/cur/b", CHANGE_HOLD, "q/cur/b", "undone" },
		{ "q/cur/c", CHANGE_HOLD, NULL, "gone" },
		{ "q/hold/d", CHANGE_RELEASE, "q/cur/d", "done" },
		{ "q/hold/e", CHANGE_RELEASE, "q/hold/e", "undone" },
		{ "q/cur/f", CHANGE_DELETE, "q/hold/f", "undone" },
		{ "q/cur/g", CHANGE_DELETE, "q/cur/g", "undone" },
	};
	struct buf lines = BUF_INIT, want = BUF_INIT;
	size_t i, n;
	off_t at;

	(void)state;
	open_queue();
	for (i = 0; i < ROWS(rows); i++) {
		add(rows[i].path, &spam);
		pend(&lines, rows[i].action, i);
		if (rows[i].now == NULL)
			replace(rows[i].path, &spam);
		else
			assert_int_equal(rename(rows[i].path, rows[i].now), 0);
		buf_addf(&want, "%s %s inode=%ju arrival=1795342400 %s\n",
		    change_action_name(rows[i].action), names[i].name,
		    (uintmax_t)names[i].ino, rows[i].result);
	}
	assert_int_equal(journal_begin(&journal, &lines, &at), 0);
	/* While the queue can't be opened, nobody knows. */
	places.v[0].error = EACCES;
	assert_int_equal(settle_run(&journal, &places, &n), 0);
	assert_int_equal(n, 0);
	places.v[0].error = 0;
	assert_int_equal(settle_run(&journal, &places, &n), 0);
	assert_int_equal(n, ROWS(rows));
	assert_journal(buf_str(&want));
	/* That of another message of this id is none of its business. */
	assert_mail("q/cur/c", &spam);
	buf_free(&lines);
	buf_free(&want);
	close_queue();
}

/* Where ids do not return, all of the text is one. */
static void
test_settle_id(void **state)
{
	const struct envelope e = { .arrival = -1 };
	struct buf lines = BUF_INIT;
	off_t at;
	size_t n;

	(void)state;
	open_queue();
	place_list_close(&places);
	queues.v[0].mta = &sendmail_mta;
	assert_int_equal(place_list_open(&places, &queues), 0);
	tree_write("q/dfa", "body");
	journal_add(&lines, NOW, "delete", places.v[0].path,
	    "a inode=1 arrival=1", &e, "0");
	assert_int_equal(journal_begin(&journal, &lines, &at), 0);
	assert_int_equal(settle_run(&journal, &places, &n), 0);
	assert_journal("delete a inode=1 arrival=1 undone\n");
	assert_text("q/dfa", "body");
	buf_free(&lines);
	close_queue();
}

/* --- no room ------------------------------------------------------------- */

/* There is room for one message at a time. */
static int
commit_one(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	size_t i;

	if (n == 1)
		return maildir_mta.change->commit(s, v, n, why);
	for (i = 0; i < n; i++) {
		errno = ENOSPC;
		v[i]->result = mta_claim_fail(v[i], "is full");
	}
	return 0;
}

/* The same, for the whole of a batch. */
static int
commit_none(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	if (n == 1)
		return maildir_mta.change->commit(s, v, n, why);
	*why = "all is full";
	errno = ENOSPC;
	return -1;
}

/* No smaller batch mends a disk. */
static int
commit_broken(struct mta_session *s, struct mta_claim **v, size_t n,
    const char **why)
{
	(void)s;
	(void)v;
	(void)n;
	*why = "is broken";
	errno = EIO;
	return -1;
}

/* What finds no room with others is undone, and then done alone. */
static void
test_room(void **state)
{
	static int (*const commits[])(struct mta_session *, struct mta_claim **,
	    size_t, const char **) = { commit_one, commit_none, commit_broken };
	struct mta_change change = *maildir_mta.change;
	char want[512];
	struct flush_count n;
	uintmax_t a, b;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(commits); i++) {
		tree_enter_row(i);
		open_queue();
		change.commit = commits[i];
		maildir.change = &change;
		add("q/cur/a", &spam);
		add("q/cur/b", &spam);
		a = names[0].ino;
		b = names[1].ino;
		n = flush(CHANGE_HOLD, &surveyed_still);
		assert_int_equal(n.n[CHANGE_DONE], i == 2 ? 0 : 2);
		assert_int_equal(n.n[CHANGE_FAILED], 0);
		snprintf(want, sizeof(want),
		    "hold a inode=%ju arrival=1795342400 undone\n"
		    "hold b inode=%ju arrival=1795342400 undone\n"
		    "hold a inode=%ju arrival=1795342400 done\n"
		    "hold b inode=%ju arrival=1795342400 done\n",
		    a, b, a, b);
		if (i == 2) {
			assert_string_equal(n.fatal, "is broken");
			assert_int_equal(n.error, EIO);
			*strstr(want + 1, "hold a") = '\0';
		} else {
			assert_null(n.fatal);
		}
		assert_journal(want);
		close_queue();
		tree_leave_row();
	}
}

/* --- finding ------------------------------------------------------------- */

/* Where ids return the inode is found with the message, else not looked for. */
static void
test_gather(void **state)
{
	struct mta_change change = sendmail_change;
	struct mta mta = sendmail_mta;
	const struct wanted wanted = { .now = NOW, .state = MTA_QUEUED };
	const struct survey_options opt = { .now = NOW };
	struct gather g;
	int i;

	(void)state;
	tree_make("q/");
	surveyed_make("q", 1, 66);
	queues = surveyed_queues("q", NULL);
	mta.change = &change;
	queues.v[0].mta = &mta;
	for (i = 0; i < 2; i++) {
		change.ids_return = i != 0;
		assert_int_equal(place_list_open(&places, &queues), 0);
		assert_int_equal(gather_take(&g, &queues, &places, &opt,
				     &wanted),
		    0);
		assert_int_equal(g.n, 1);
		assert_int_equal(g.v[0].ino,
		    i == 0 ? 0 : inode("q/qf6AMAF0aA000001"));
		assert_int_equal(g.v[0].arrival, NOW - 1);
		assert_ptr_equal(g.v[0].kind, mta.dirs);
		assert_int_equal(g.v[0].state, MTA_QUEUED);
		gather_free(&g);
		place_list_close(&places);
	}
	/* Nothing is changed in queue files that are not to be changed. */
	mta.change = NULL;
	assert_int_equal(place_list_open(&places, &queues), 0);
	assert_int_equal(places.v[0].error, ENOTSUP);
	place_list_close(&places);
	queue_list_free(&queues);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_actions),
		TREE_TEST(test_where),
		TREE_TEST(test_line),
		TREE_TEST(test_other),
		TREE_TEST(test_late),
		TREE_TEST(test_settle),
		TREE_TEST(test_settle_id),
		TREE_TEST(test_room),
		TREE_TEST(test_gather),
	};

	return UNIT_RUN(tests);
}
