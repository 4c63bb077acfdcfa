/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_change.c - claim, prepare, commit: what sendmail's files become */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "envelopes.h"
#include "tree.h"

#include "base/fsx.h"
#include "change/moved.h"
#include "change/place.h"
#include "mta/sendmail/change.h"
#include "mta/sendmail/locked.h"
#include "mta/sendmail/sendmail.h"

#define ID   "6AMAF0aA000001"
#define TEXT TOP GOOD "\n$rESMTP\nS<a@b.example>\nRPFD:<c@d.example>\n.\n"
#define HELD                                               \
	TOP GOOD "\n$rESMTP\nqqflush: x\nS<a@b.example>\n" \
		 "RPFD:<c@d.example>\n.\n"

static struct queue_list queues;
static struct mta_place_list list;

/* One queue "q" with one message, and its place. */
static void
open_queue(void)
{
	const char *why;

	if (access("q", F_OK) != 0) {
		tree_write("q/qf" ID, TEXT);
		tree_write("q/df" ID, "body");
	}
	queues = (struct queue_list)QUEUE_LIST_INIT;
	assert_int_equal(queue_list_add_spec(&queues, &sendmail_mta, "q"), 0);
	assert_int_equal(place_list_open(&list, &queues), 0);
	assert_int_equal(sendmail_place_probe(&list.v[0], &why), 0);
}

static void
close_queue(void)
{
	place_list_close(&list);
	queue_list_free(&queues);
}

static void
assert_text(const char *path, const char *want)
{
	struct buf b = BUF_INIT;

	if (want == NULL) {
		if (access(path, F_OK) == 0)
			fail_msg("%s is there", path);
		return;
	}
	assert_int_equal(fsx_read(AT_FDCWD, path, 0, 1 << 20, &b), 0);
	unit_assert_text(buf_str(&b), want, path);
	buf_free(&b);
}

/* One message on its way through the steps, in a run of its own. */
struct way {
	struct mta_session session;
	struct mta_message message;
	struct mta_claim claim;
};

/* The steps before commit.  End it whatever the result. */
static enum change_result
begin(struct way *w, const struct mta_place *p, const char *name,
    enum change_action action)
{
	enum change_result r;

	*w = (struct way){
		.session = { .action = action,
		    .reason = "qflush: x",
		    .homes = &list,
		    .clock = &when_system },
		.message = { .place = p,
		    .name = name,
		    .id = { name + 2, strlen(name + 2) } },
		.claim = { .message = &w->message },
	};
	assert_int_equal(sendmail_change.open(&w->session), 0);
	r = sendmail_change.claim(&w->session, &w->claim);
	if (r == CHANGE_DONE)
		r = sendmail_change.prepare(&w->session, &w->claim);
	return r;
}

static enum change_result
commit(struct way *w)
{
	struct mta_claim *claims[] = { &w->claim };
	const char *why;

	assert_int_equal(sendmail_change.commit(&w->session, claims, 1, &why),
	    0);
	return w->claim.result;
}

static void
end(struct way *w)
{
	sendmail_change.drop(&w->session, &w->claim);
	sendmail_change.close(&w->session);
}

/* All steps; *why: what the last of them said. */
static enum change_result
change(const struct mta_place *p, const char *name, enum change_action action,
    const char **why)
{
	enum change_result r;
	struct way w;

	r = begin(&w, p, name, action);
	if (r == CHANGE_DONE)
		r = commit(&w);
	if (why != NULL)
		*why = w.claim.why;
	end(&w);
	return r;
}

static enum change_result
settle(const char *id, enum change_action action)
{
	const struct mta_message m = { .place = list.v,
		.id = { id, strlen(id) } };

	return sendmail_change.settle(&m, action);
}

static void
test_hold(void **state)
{
	const struct timespec times[2] = { { 1000, 5 }, { 2000, 7 } };
	struct stat before, st;

	(void)state;
	open_queue();
	assert_int_equal(chmod("q/qf" ID, 0640), 0);
	if (getuid() == 0)
		assert_int_equal(chown("q/qf" ID, 11, 22), 0);
	assert_int_equal(utimensat(AT_FDCWD, "q/qf" ID, times, 0), 0);
	assert_int_equal(stat("q/qf" ID, &before), 0);
	assert_int_equal(change(list.v, "qf" ID, CHANGE_HOLD, NULL),
	    CHANGE_DONE);
	assert_text("q/qf" ID, NULL);
	assert_text("q/hf" ID, HELD);
	assert_text("q/df" ID, "body");
	assert_int_equal(stat("q/hf" ID, &st), 0);
	assert_int_equal(st.st_mode, before.st_mode);
	assert_int_equal(st.st_uid, before.st_uid);
	assert_int_equal(st.st_gid, before.st_gid);
	assert_int_equal(st.st_mtim.tv_sec, 2000);
	assert_int_equal(st.st_mtim.tv_nsec, 7);
	assert_int_equal(change(list.v, "qf" ID, CHANGE_HOLD, NULL),
	    CHANGE_GONE);

	assert_int_equal(change(list.v, "hf" ID, CHANGE_RELEASE, NULL),
	    CHANGE_DONE);
	assert_text("q/hf" ID, NULL);
	assert_text("q/qf" ID, TEXT);
	/* One that has its line already is only renamed. */
	tree_write("q/qf" ID, HELD);
	assert_int_equal(stat("q/qf" ID, &before), 0);
	assert_int_equal(change(list.v, "qf" ID, CHANGE_HOLD, NULL),
	    CHANGE_DONE);
	assert_int_equal(stat("q/hf" ID, &st), 0);
	assert_int_equal(st.st_ino, before.st_ino);
	assert_text("q/hf" ID, HELD);
	close_queue();
}

/* A message that is there twice is not touched. */
static void
test_twice(void **state)
{
	static const enum change_action actions[] = { CHANGE_HOLD,
		CHANGE_RELEASE, CHANGE_DELETE, CHANGE_MOVE };
	const char *why;
	size_t i;

	(void)state;
	open_queue();
	tree_write("q/hf" ID, HELD);
	for (i = 0; i < 2 * ROWS(actions); i++) {
		assert_int_equal(change(list.v, i % 2 ? "qf" ID : "hf" ID,
				     actions[i / 2], &why),
		    CHANGE_REFUSED);
		assert_string_equal(why, "is both queued and held");
	}
	assert_text("q/qf" ID, TEXT);
	assert_text("q/hf" ID, HELD);
	assert_text("q/df" ID, "body");
	close_queue();
}

/* A hold or a release that was killed half way. */
static void
test_half(void **state)
{
	(void)state;
	open_queue();
	tree_write("q/qf" ID, HELD);
	assert_int_equal(settle(ID, CHANGE_RELEASE), CHANGE_GONE);
	assert_int_equal(change(list.v, "qf" ID, CHANGE_RELEASE, NULL),
	    CHANGE_DONE);
	assert_text("q/qf" ID, TEXT);
	assert_text("q/hf" ID, NULL);
	assert_int_equal(settle(ID, CHANGE_RELEASE), CHANGE_DONE);
	/* A line with nothing in it holds a message, too. */
	tree_write("q/hf" ID, TOP GOOD "\nq\nS<a@b.example>\n.\n");
	assert_int_equal(unlink("q/qf" ID), 0);
	assert_int_equal(change(list.v, "hf" ID, CHANGE_RELEASE, NULL),
	    CHANGE_DONE);
	assert_text("q/qf" ID, TOP GOOD "\nS<a@b.example>\n.\n");
	close_queue();
}

static void
test_delete(void **state)
{
	(void)state;
	tree_write("q/qf/qf" ID, TEXT);
	tree_write("q/df/df" ID, "body");
	TREE_MAKE("q/xf/xf" ID, "q/qf/tf" ID);
	open_queue();
	assert_int_equal(change(list.v, "qf" ID, CHANGE_DELETE, NULL),
	    CHANGE_DONE);
	assert_text("q/qf/qf" ID, NULL);
	assert_text("q/df/df" ID, NULL);
	assert_text("q/xf/xf" ID, NULL);
	assert_text("q/qf/tf" ID, NULL);
	close_queue();
}

static void
test_move(void **state)
{
	bool used[1] = { true };
	struct moved m, again;
	struct buf why = BUF_INIT, path = BUF_INIT;
	struct stat before, st;
	const char *no_room;

	(void)state;
	open_queue();
	assert_int_equal(stat("q/qf" ID, &before), 0);
	if (moved_open(&m, "to", &list, used, &why) != 0)
		fail_msg("%s", buf_str(&why));
	assert_int_equal(change(list.v, "qf" ID, CHANGE_MOVE, NULL),
	    CHANGE_DONE);
	assert_text("q/qf" ID, NULL);
	assert_text("q/df" ID, NULL);
	buf_addf(&path, "%s/qf" ID, m.queues.v[0].dirs[0].path);
	assert_int_equal(stat(buf_str(&path), &st), 0);
	assert_int_equal(st.st_ino, before.st_ino);
	moved_close(&m);
	assert_null(list.v[0].moved);

	assert_int_equal(moved_open(&again, "to", &list, NULL, &why), 0);
	assert_int_equal(again.places.n, 1);
	assert_int_equal(again.strangers, 0);
	assert_int_equal(sendmail_place_probe(&again.places.v[0], &no_room), 0);
	/* Never over a message that is there. */
	tree_write("q/hf" ID, "x");
	assert_int_equal(change(again.places.v, "qf" ID, CHANGE_RESTORE, NULL),
	    CHANGE_REFUSED);
	assert_int_equal(unlink("q/hf" ID), 0);
	assert_int_equal(change(again.places.v, "qf" ID, CHANGE_RESTORE, NULL),
	    CHANGE_DONE);
	assert_text("q/qf" ID, TEXT);
	assert_text("q/df" ID, "body");
	moved_close(&again);
	buf_free(&path);
	buf_free(&why);
	close_queue();
}

/* A message whose body has gone stays held; so does one nobody knows of. */
static void
test_bodiless(void **state)
{
	struct sendmail_place own;
	struct mta_place blind;
	const char *why;

	(void)state;
	open_queue();
	assert_int_equal(change(list.v, "qf" ID, CHANGE_HOLD, NULL),
	    CHANGE_DONE);
	own = *sendmail_place_of(&list.v[0]);
	own.body = -1;
	blind = list.v[0];
	blind.own = &own;
	assert_int_equal(change(&blind, "hf" ID, CHANGE_RELEASE, &why),
	    CHANGE_FAILED);
	assert_string_equal(why, "its body cannot be looked at");
	assert_int_equal(rename("q/df" ID, "q/df"), 0);
	assert_int_equal(change(list.v, "hf" ID, CHANGE_RELEASE, &why),
	    CHANGE_BODILESS);
	assert_string_equal(why, "has no body");
	assert_text("q/hf" ID, HELD);
	assert_text("q/qf" ID, NULL);
	/* Half released, the same. */
	assert_int_equal(rename("q/hf" ID, "q/qf" ID), 0);
	assert_int_equal(change(list.v, "qf" ID, CHANGE_RELEASE, NULL),
	    CHANGE_BODILESS);
	assert_text("q/qf" ID, HELD);
	/* An empty body is one. */
	TREE_MAKE("q/df" ID);
	assert_int_equal(change(list.v, "qf" ID, CHANGE_RELEASE, NULL),
	    CHANGE_DONE);
	close_queue();
}

/* What had a name of the queue is kept locked, until the linger closes it. */
static void
test_late(void **state)
{
	static const struct {
		const char *name, *text;
		enum change_action action;
		bool late, new_late;
	} rows[] = {
		{ "qf" ID, TEXT, CHANGE_HOLD, true, true },
		{ "qf" ID, HELD, CHANGE_HOLD, true, true },
		{ "hf" ID, HELD, CHANGE_RELEASE, true, false },
		{ "qf" ID, HELD, CHANGE_RELEASE, true, false },
		/* Its file keeps the name that it has got. */
		{ "hf" ID, TEXT, CHANGE_RELEASE, false, false },
		{ "qf" ID, TEXT, CHANGE_DELETE, false, false },
	};
	char name[32];
	struct sendmail_linger linger;
	struct sendmail_locked *l;
	struct way w;
	size_t i;
	int fd;

	(void)state;
	open_queue();
	for (i = 0; i < ROWS(rows); i++) {
		snprintf(name, sizeof(name), "%s", rows[i].name);
		tree_write("q/df" ID, "");
		unlink("q/qf" ID);
		unlink("q/hf" ID);
		assert_int_equal(chdir("q"), 0);
		tree_write(name, rows[i].text);
		fd = open(name, O_RDWR);
		assert_int_equal(chdir(".."), 0);
		assert_int_equal(sendmail_linger_start(&linger, &when_system, 1,
				     2),
		    0);
		assert_int_equal(begin(&w, list.v, name, rows[i].action),
		    CHANGE_DONE);
		l = w.claim.own;
		assert_false(l->late || l->new_late);
		assert_int_equal(commit(&w), CHANGE_DONE);
		if (l->late != rows[i].late || l->new_late != rows[i].new_late)
			fail_msg("row %zu", i);
		sendmail_locked_drop(l, &linger);
		assert_int_equal(flock(fd, LOCK_EX | LOCK_NB),
		    rows[i].late ? -1 : 0);
		sendmail_linger_end(&linger);
		end(&w);
		assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
		close(fd);
	}
	close_queue();
}

/* The file is another one by the time of commit. */
static void
test_replaced(void **state)
{
	static const enum change_action actions[] = { CHANGE_HOLD,
		CHANGE_DELETE };
	struct way w;
	size_t i;

	(void)state;
	open_queue();
	for (i = 0; i < ROWS(actions); i++) {
		assert_int_equal(begin(&w, list.v, "qf" ID, actions[i]),
		    CHANGE_DONE);
		tree_write("q/tf" ID, "another");
		assert_int_equal(rename("q/tf" ID, "q/qf" ID), 0);
		assert_int_equal(commit(&w), CHANGE_BUSY);
		end(&w);
		assert_text("q/qf" ID, "another");
		assert_text("q/hf" ID, NULL);
		assert_text("q/df" ID, "body");
		tree_write("q/qf" ID, TEXT);
	}
	close_queue();
}

/* The new text is locked before it has the name. */
static void
test_locked(void **state)
{
	struct way w;
	int fd;

	(void)state;
	open_queue();
	assert_int_equal(begin(&w, list.v, "qf" ID, CHANGE_HOLD), CHANGE_DONE);
#if HAVE_DECL_O_TMPFILE
	assert_text("q/.qflush-qf" ID, NULL);
#endif
	assert_int_equal(commit(&w), CHANGE_DONE);
	assert_int_equal((fd = open("q/hf" ID, O_RDWR)) == -1, 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	end(&w);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	close(fd);
	close_queue();
}

/* What a killed run may have left. */
static void
test_settle(void **state)
{
	(void)state;
	open_queue();
	TREE_MAKE("q/.qflush-qf" ID, "q/.qflush-hf" ID);
	assert_int_equal(settle(ID, CHANGE_HOLD), CHANGE_GONE);
	assert_text("q/.qflush-qf" ID, NULL);
	assert_int_equal(settle(ID, CHANGE_RELEASE), CHANGE_DONE);
	assert_text("q/.qflush-hf" ID, NULL);
	/* It was not deleted. */
	assert_int_equal(settle(ID, CHANGE_DELETE), CHANGE_GONE);
	assert_text("q/df" ID, "body");
	assert_int_equal(rename("q/qf" ID, "q/tf" ID), 0);
	assert_int_equal(settle(ID, CHANGE_DELETE), CHANGE_GONE);
	assert_text("q/df" ID, "body");
	/* It was, but for its body. */
	assert_int_equal(unlink("q/tf" ID), 0);
	assert_int_equal(settle(ID, CHANGE_DELETE), CHANGE_DONE);
	assert_text("q/df" ID, NULL);
	/* It was, or sendmail has delivered it. */
	assert_int_equal(settle(ID, CHANGE_DELETE), CHANGE_OTHER);
	assert_int_equal(settle(ID, CHANGE_MOVE), CHANGE_OTHER);
	/* No id of a journal leads anywhere else. */
	TREE_MAKE("q/df..", "dfx");
	assert_int_equal(settle("/../../dfx", CHANGE_DELETE), CHANGE_GONE);
	assert_int_equal(settle("", CHANGE_DELETE), CHANGE_GONE);
	assert_text("dfx", "");
	close_queue();
}

/* What has a name of a message, and is none. */
static void
test_no_message(void **state)
{
	static const struct {
		const char *text;
		enum change_result result;
		const char *why;
	} rows[] = {
		{ "", CHANGE_INCOMPLETE, "empty so far" },
		{ "V8\n", CHANGE_INCOMPLETE, "without its end so far" },
		{ TOP GOOD "\nRPFD:<c@d.example>\n.\n", CHANGE_REFUSED,
		    "has no sender line" },
	};
	const char *why;
	size_t i;

	(void)state;
	open_queue();
	for (i = 0; i < ROWS(rows); i++) {
		tree_write("q/qf" ID, rows[i].text);
		assert_int_equal(change(list.v, "qf" ID, CHANGE_HOLD, &why),
		    rows[i].result);
		unit_assert_text(why, rows[i].why, rows[i].text);
		assert_text("q/qf" ID, rows[i].text);
		assert_text("q/hf" ID, NULL);
	}
	assert_int_equal(unlink("q/qf" ID), 0);
	tree_make("q/qf" ID "/");
	assert_int_equal(change(list.v, "qf" ID, CHANGE_DELETE, &why),
	    CHANGE_REFUSED);
	unit_assert_text(why, "not a regular file", "a directory");
	assert_int_equal(rmdir("q/qf" ID), 0);
	assert_int_equal(symlink("df" ID, "q/qf" ID), 0);
	assert_int_equal(change(list.v, "qf" ID, CHANGE_DELETE, &why),
	    CHANGE_REFUSED);
	unit_assert_text(why, "not a regular file", "a link");
	assert_text("q/df" ID, "body");
	close_queue();
}

static void
test_fatal(void **state)
{
	static const int fatal[] = { ENOSPC, EDQUOT, EROFS, EIO, ENOMEM, EMFILE,
		ENFILE };
	static const int other[] = { 0, ENOENT, EACCES, EPERM, EEXIST, EAGAIN,
		EXDEV, ELOOP };
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(fatal); i++)
		assert_true(change_is_fatal(fatal[i]));
	for (i = 0; i < ROWS(other); i++)
		assert_false(change_is_fatal(other[i]));
	/* A smaller batch mends no disk. */
	for (i = 0; i < ROWS(fatal); i++)
		assert_int_equal(change_is_room(fatal[i]),
		    fatal[i] != EROFS && fatal[i] != EIO);
	for (i = 0; i < ROWS(other); i++)
		assert_false(change_is_room(other[i]));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(test_hold),
		TREE_TEST(test_twice),
		TREE_TEST(test_half),
		TREE_TEST(test_delete),
		TREE_TEST(test_move),
		TREE_TEST(test_bodiless),
		TREE_TEST(test_late),
		TREE_TEST(test_replaced),
		TREE_TEST(test_locked),
		TREE_TEST(test_settle),
		TREE_TEST(test_no_message),
		cmocka_unit_test(test_fatal),
	};

	return UNIT_RUN(tests);
}
