#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# flood-response.t - flood-response on a host with a real sendmail, from the
# dry run to undo
use strict;
use warnings;

use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Flood;
use Test::More;

need('root', 'm4', 'ip', 'ss', '/usr/sbin/sendmail', '/usr/sbin/makemap');

my $work = tempdir();
my ($flooder, $other) = ('192.0.2.66', '192.0.2.6');
my $host = MQ::Flood->new(dir => "$work/host");
my $sendmail = $host->{sendmail};
# What a client may choose; no shell is to see it.
my $sender = '`id`$HOME@bad.example';
my $local = 'b@lab.example.net';
my @flood = $sendmail->send(60, client => $flooder, to => $local,
    from => $sender);
$sendmail->send(10, client => $other, to => $local);
my $access = slurp($host->{access});
my %before = %{$host->count};

# A file of the record.
sub recorded {
	my ($file) = @_;
	return slurp($host->record . "/$file");
}

subtest 'a dry run shows each step and does none' => sub {
	my $r = $host->respond($flooder);
	is($r->{code}, 0, 'exits 0');
	is($r->{err}, '', 'nothing on stderr');
	like($r->{out}, $_, "says $_") for
	    qr/\Aflood from 192\.0\.2\.66: 60 messages are queued$/m,
	    qr/^a\) block the address:\n +would block 192\.0\.2\.66 until /m,
	    qr/^ +\+Connect:192\.0\.2\.66\tREJECT$/m,
	    qr/^b\) its open sessions stay: 0$/m,
	    qr/^c\) stop MailScanner \(process \d+\): \S+ms-init stop$/m,
	    qr/^d\) hold its mail, until two passes are clean:\n +would hold 60 of 70 messages/m,
	    qr/^e\) start MailScanner: \S+ms-init start$/m,
	    qr/^dry run: nothing was changed; --yes does it$/m;
	is($host->log, '', 'MailScanner was left alone');
	is(slurp($host->{access}), $access, 'so was the access file');
	is_deeply($host->count, \%before, 'and the queue');
	ok(!-e $host->{records}, 'there is no record');
};

subtest 'what would fail later is refused at once' => sub {
	my $r = $host->respond($flooder, '--yes');
	is($r->{code}, 2, 'most of the queue, without --max');
	like($r->{err}, qr/nothing was done.*say --max 60$/m, '... says how');
	$r = $host->respond('127.0.0.1', '--yes');
	is($r->{code}, 2, 'loopback');
	like($r->{err}, qr/nothing was done: qblock: refused: 127/, '... why');
	$r = $host->respond($flooder, '--yes', '--expire', '1 day');
	is($r->{code}, 2, 'a wrong --expire');
	$host->configure(qflush => '/nonexistent/qflush');
	$r = $host->respond($flooder, '--yes');
	is($r->{code}, 2, 'no qflush');
	for (['/nonexistent/stub', qr/exits with 127, not 0/],
	    ["$work/service status", qr/exits with 1, not 0.*: unrecognized/]) {
		my ($status, $said) = @$_;
		spew("$work/service", "#!/bin/sh\necho unrecognized service\n"
		    . "exit 1\n");
		chmod 0755, "$work/service";
		$host->configure(scanner_status => $status);
		$r = $host->respond($flooder, '--yes', '--max', 100);
		is($r->{code}, 2, "no state of MailScanner: $status");
		like($r->{err}, qr/nothing was done: .*scanner_status/,
		    '... names the setting');
		like($r->{err}, $said, '... and what it said');
		like($r->{err}, qr/to refuse $flooder meanwhile: \S+qblock add/,
		    '... and how to block all the same');
	}
	$host->configure(scanner_start => '/nonexistent/init start');
	$r = $host->respond($flooder, '--yes', '--max', 100);
	is($r->{code}, 2, 'a command that is missing');
	like($r->{err}, qr/nothing was done: there is no command '.nonexist/,
	    '... names it');
	$host->configure;
	is($host->log, '', 'MailScanner was left alone each time');
	is(slurp($host->{access}), $access, 'so was the access file');
	is_deeply([glob "$host->{records}/2*"], [], 'there is no record');
};

subtest 'the response' => sub {
	# Both hold a session open; the flooder's is ended.
	my ($theirs, $ours) = map { $sendmail->_connect($_) } $flooder, $other;
	my $r = $host->respond($flooder, '--yes', '--max', 100,
	    '--end-sessions', '--reason', 'the test');
	is($r->{code}, 0, 'exits 0') or diag $r->{out}, $r->{err};
	is($r->{err}, '', 'nothing on stderr');
	is($host->log, 'stop start', 'MailScanner was stopped, and started');
	is_deeply($host->count, {%before, qf => 10, hf => 60},
	    'the mail of the flooder is held, no other');
	is_deeply([sort map { s{.*/hf}{}r } glob "$host->{queue}/hf*"],
	    [sort @flood], '... just that');
	like($sendmail->answer_to($flooder), qr/^55/, 'it is refused');
	like($sendmail->answer_to($other), qr/^250/, 'others are not');
	is(<$theirs>, undef, 'its open session was ended');
	print $ours "NOOP\r\n";
	like(<$ours>, qr/^250/, 'that of another was not');
	like($r->{out}, qr/^ +sendmail -bt says: REJECT$/m, 'it was verified');
	like($r->{out}, qr/: 60 before, 0 now$/m, '... so was the queue');
	like(slurp($host->{access}), qr/^# qblock .* by \S+: the test$/m,
	    'the reason is in the access file');
};

subtest 'its record' => sub {
	my @steps = recorded('timeline.txt') =~
	    /^\S+Z +\d+\.\ds  (\w\) \w+|[a-z]+)/mg;
	is_deeply(\@steps, ['record', 'a) block', 'b) end', 'c) stop',
	    'd) hold', 'e) start', 'verify', 'done'],
	    'the timeline has all steps, with seconds: the block is first');
	my @seconds = recorded('timeline.txt') =~ /^\S+ +(\d+\.\d)s  /mg;
	is_deeply(\@seconds, [sort { $a <=> $b } @seconds], '... which grow');
	my ($took) = recorded('timeline.txt') =~ /seconds since the response began: (blocked \d+\.\d, MailScanner stopped \d+\.\d, held \d+\.\d, MailScanner runs \d+\.\d, now \d+\.\d)$/m;
	ok($took, '... and a summary of them');
	note $took;
	is(recorded('access.before'), $access, 'the access file as it was');
	like(recorded('access.diff'), qr/^\+Connect:192\.0\.2\.66\tREJECT$/m,
	    'what was to change in it');
	my $json = decode_json(recorded('qstat.json'));
	is($json->{groups}[0]{key}, $flooder, 'who filled the queue, as JSON');
	is($json->{groups}[0]{count}, 60, '... before it was held');
	my @examples = glob $host->record . '/examples/qf*';
	is(scalar @examples, 5, 'five control files');
	like(slurp($examples[0]), qr/^\$_\[192\.0\.2\.66\]$/m, '... of it');
	my $report = recorded('abuse-report.txt');
	like($report, $_, "the draft of a report: $_") for
	    qr/^Subject: unsolicited bulk mail from 192\.0\.2\.66$/m,
	    qr/messages in our queue  60$/m, qr/different senders      1$/m,
	    qr/first                  \d{4}-\d\d-\d\dT[\d:]+Z$/m,
	    qr/^  S<`id`\$HOME\@bad\.example>$/m;
	like(recorded('sessions.txt'), qr/192\.0\.2\.66:/, 'open sessions');
	is((stat $host->record)[2] & 07777, 0700, 'only for root');
	is_deeply([recorded('state') =~ /^((?:block|mail|scanner) .*)/mg],
	    ['block asked', 'block added', 'scanner stopped', 'mail hold',
	    'scanner started'], 'what undo goes by');
};

subtest 'undo' => sub {
	my $record = $host->record;
	my $r = $host->respond('undo', $record);
	is($r->{code}, 0, 'a dry run');
	like($r->{out}, qr/would end the block of 192\.0\.2\.66/, '... block');
	like($r->{out}, qr/would release 60 /, '... hold');
	is_deeply($host->count, {%before, qf => 10, hf => 60}, '... no change');
	# What somebody else holds of the same relay stays held.
	my ($mine) = $sendmail->send(1, client => $other, to => $local);
	tool('qflush', '--yes', '--max=100%', '--journal', "$work/j", '-q',
	    $host->{queue}, $other, '--reason', 'another');
	is($host->count->{hf}, 71, 'another holds 11 messages');
	$r = $host->respond('undo', $record, '--yes');
	is($r->{code}, 0, 'undo') or diag $r->{out}, $r->{err};
	is($host->count->{qf}, 60, '... has put its mail back');
	is($host->count->{hf}, 11, '... and no other');
	is(slurp($host->{access}), $access, '... the access file is as before');
	like($sendmail->answer_to($flooder), qr/^250/, '... it may send again');
	$r = $host->respond('undo', $record, '--yes');
	is($r->{code}, 0, 'undo, again');
	is($host->count->{qf}, 60, '... has nothing to do');
	tool('qflush', '--yes', '--journal', "$work/j", '-q', $host->{queue},
	    '--release', $other);
};

subtest 'two messages of one relay, of which one response held one' => sub {
	my @q = ('-q', $host->{queue}, '--journal', "$work/j", '--yes',
	    '--max=100%');
	tool('qflush', @q, "sender:$sender", '--reason', 'by hand');
	is($host->count->{hf}, 60, 'held by hand');
	$sendmail->send(3, client => $flooder, to => $local);
	my $r = $host->respond($flooder, '--yes', '--max', '100%');
	is($host->count->{hf}, 63, 'a response held three more') or
	    diag $r->{out}, $r->{err};
	$r = $host->respond('undo', $host->record, '--yes');
	is($host->count->{hf}, 60, 'undo releases these three only');
	tool('qflush', @q, '--release', "sender:$sender");
	is($host->count->{hf} // 0, 0, 'all are back');
};

subtest '--newer leaves what came before' => sub {
	$host->configure(queue => "$work/old");
	make_message("$work/old", relay => "[$flooder]", n => $_,
	    age => $_ < 5 ? 7200 : 60) for 1 .. 12;
	my $r = $host->respond($flooder, '--yes', '--max', 20, '--newer',
	    '1h');
	is($r->{code}, 0, 'exits 0') or diag $r->{out}, $r->{err};
	is(scalar(() = glob "$work/old/hf*"), 8, 'the new mail is held');
	is(scalar(() = glob "$work/old/qf*"), 4, '... the old waits');
	$r = $host->respond('undo', $host->record, '--yes');
	is(scalar(() = glob "$work/old/qf*"), 12, 'undo puts it back');
	$host->configure;
};

# What becomes of the first connection after the block; MailScanner is not even
# told to stop then.
subtest 'the block comes first' => sub {
	my $scanner = $host->{scanner};
	spew("$scanner->{dir}/stop-wait", '');
	$host->log;
	my $pid = $host->begin($flooder, '--yes', '--max', '100%');
	wait_for(sub { -e "$scanner->{dir}/waiting" }, 'the stop');
	like($sendmail->answer_to($flooder), qr/^55/,
	    'the address is refused when MailScanner is told to stop');
	is($host->log, '', '... which runs all the while');
	unlink "$scanner->{dir}/stop-wait";
	spew("$scanner->{dir}/go", '');
	waitpid $pid, 0;
	is($?, 0, 'the response ends well');
	is($host->log, 'stop start', '... MailScanner was stopped, and started');
	unlink map { "$scanner->{dir}/$_" } qw(go waiting);
	$host->respond('undo', $host->record, '--yes');
	$host->log;
};

# A process of a container has a number here, too.
subtest 'MailScanner of a container' => sub {
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		exec 'unshare', '--pid', '--fork', '--kill-child', 'perl', '-e',
		    'setpgrp; $0 = "MailScanner: master process sleeping"; '
		    . 'open my $f, ">", shift; sleep 600', "$work/in-container"
		    or die "unshare: $!\n";
	}
	wait_for(sub { -e "$work/in-container" }, 'it');
	is(scalar(() = run('ps', '-eo', 'args')->{out} =~
	    /^MailScanner: master/mg), 2, 'two are seen');
	my ($own) = $host->{scanner}->parents;
	like($host->respond($flooder)->{out},
	    qr/^c\) stop MailScanner \(process $own\): /m, '... one is ours');
	kill 'KILL', $pid;
	waitpid $pid, 0;
};

# How MailScanner is stopped and started where no setting says so.
subtest 'its units and scripts' => sub {
	my $scanner = $host->{scanner};
	my @own = (scanner_stop => undef, scanner_start => undef);
	my @yes = ($flooder, '--yes', '--max', '100%');
	local $ENV{PATH} = "$scanner->{bin}:$ENV{PATH}";
	my $unit = sub { spew("$scanner->{dir}/unit", @_) };
	$host->configure(@own);

	my $r = $host->respond(@yes);
	is($r->{code}, 2, 'neither unit nor script');
	like($r->{err}, qr/nothing was done: MailScanner is to be stopped and started, but there is no unit or script of its name: say how in \Q$host->{conf}\E \(scanner_stop, scanner_start\); to refuse/,
	    '... says what to do');
	is(slurp($host->{access}), $access, '... nothing was done');

	for my $script (qw(/etc/init.d/mailscanner /etc/init.d/MailScanner
	    /usr/lib/MailScanner/init/ms-init)) {
		run('mkdir', '-p', $script =~ s{/[^/]*$}{}r);
		symlink $scanner->{init}, $script or die "$script: $!\n";
		$r = $host->respond(@yes);
		is($r->{code}, 0, $script) or diag $r->{out}, $r->{err};
		like($r->{out}, qr/^e\) start MailScanner: \Q$script\E start$/m,
		    '... starts it');
		is($host->log, 'stop start', '... and has stopped it');
		$host->respond('undo', $host->record, '--yes');
		unlink $script;
	}

	# systemd, with the unit of MailScanner 5; it started it.
	run('mkdir', '-p', '/run/systemd/system');
	for my $name (qw(mailscanner.service MailScanner.service)) {
		$unit->($name);
		spew("$scanner->{dir}/active", '');
		$r = $host->respond(@yes);
		is($r->{code}, 0, $name) or diag $r->{out}, $r->{err};
		is($host->log, 'systemctl-stop stop systemctl-start start',
		    '... stops and starts it');
		$host->respond('undo', $host->record, '--yes');
	}

	# It died, and the unit is "active" all the same.
	$scanner->kill_all;
	ok(-e "$scanner->{dir}/active", 'MailScanner died, its unit is active');
	$r = $host->respond($flooder);
	like($r->{out}, qr/^c\) MailScanner does not run: it is left alone$/m,
	    '... it does not run');
	spew($host->record . '/state', slurp($host->record . '/state'),
	    "scanner stopped\n");
	$r = $host->respond('undo', $host->record, '--yes');
	is($r->{code}, 0, 'undo of a record that left it stopped')
	    or diag $r->{out}, $r->{err};
	is($host->log, 'systemctl-restart start', '... starts it all the same');

	# It was not the unit that started it, so the unit does not stop it.
	unlink "$scanner->{dir}/active";
	$r = $host->respond(@yes);
	is($r->{code}, 2, 'an inactive unit, and no script');
	like($r->{err}, qr/no unit or script of its name/, '... says so');
	symlink $scanner->{init}, '/etc/init.d/mailscanner';
	$r = $host->respond(@yes);
	is($r->{code}, 0, 'an inactive unit, and a script');
	is($host->log, 'stop start', '... the script stops and starts it');
	$host->respond('undo', $host->record, '--yes');

	# A unit of another name is none.
	$unit->('postfix.service');
	unlink '/etc/init.d/mailscanner';
	$r = $host->respond(@yes);
	is($r->{code}, 2, 'a unit of another name');
	rmdir '/run/systemd/system';
	$host->log;
	$host->configure;
};

subtest '--delete, and a scanner that did not run' => sub {
	$host->{scanner}->kill_all;
	$host->log;
	my $r = $host->respond($flooder, '--yes', '--delete', '--max', '100%');
	is($r->{code}, 0, 'exits 0') or diag $r->{out}, $r->{err};
	is($host->count->{qf}, 11, 'the mail is gone');
	is($host->count->{df}, 11, '... with its bodies');
	is($host->log, '', 'MailScanner was neither stopped nor started');
	$r = $host->respond('undo', $host->record, '--yes');
	is($r->{code}, 0, 'undo');
	like($r->{out}, qr/was deleted: it cannot be put back/, '... says so');
	is(slurp($host->{access}), $access, '... and has unblocked it');
};
done_testing;
