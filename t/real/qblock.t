#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# qblock.t - a real sendmail refuses what qblock blocks, at once, and takes
# the others
use strict;
use warnings;

use FindBin;
use IO::Socket::UNIX;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Sendmail;
use POSIX ();
use Socket;
use Test::More;

need('root', 'm4', 'ip', '/usr/sbin/sendmail', '/usr/sbin/makemap');

my $work = tempdir();

# What README, the pages and the help tell people to block, Debian's own access
# file does not refuse already, nor let in.
my %told;
for my $text ((map { slurp($_) } srcdir() . '/README',
    glob(srcdir() . '/man/*.[178]'), glob(srcdir() . '/contrib/*/README')),
    map { run(program($_), '--help')->{out} } 'qblock',
    'flood-response') {
	$told{$_}++ for $text =~
	    /\b(?:qblock add |flood-response |flood_address=)(\d[0-9a-f.:]+)/g;
}
cmp_ok(scalar keys %told, '>=', 1, 'somebody is to be blocked');
for my $address (sort keys %told) {
	my $r = run(program('qblock'), 'add', $address, '--expire',
	    '24h');
	like("$r->{code} $r->{out}", qr/^0 would block \Q$address\E until /,
	    "a stock Debian can block $address") or diag explain $r;
}
my $access = "$work/access";
MQ::Sendmail::add_network($_) for '192.0.2.0/24', '198.51.100.0/24',
    '2001:db8::/32';
MQ::Sendmail::add_address('203.0.113.5', 'mx.bad.example');
# One that is no address of this host, which qblock would not block.
spew('/etc/hosts', slurp('/etc/hosts'), "192.0.2.80 mail.isp.example\n");
mkdir "$work/mqueue" or die "$work/mqueue: $!\n";

# The words of sendmail: it takes mail, or refuses by our entry.
my $taken = qr/^250 2\.1\.0 /;
my $rejected = qr/^(?:554|550) /;
my $utc = qr/[\dT:-]+Z/;

# A sendmail with an access map, and qblock for its sendmail.cf.
sub server {
	my (%opt) = @_;
	$opt{makemap} //= [];
	has("# of the administrator\nConnect:198.51.100\tRELAY\n"
	    . "Connect:198.51.100.66\tRELAY\n", @{$opt{makemap}});
	my $name = 'sendmail' . ++our $servers;
	return MQ::Sendmail->new(dir => "$work/$name", queue => "$work/mqueue",
	    mc => "FEATURE(`access_db', `hash $opt{map} $access'"
	    . ($opt{args} // '') . ")dnl\n"
	    . ($opt{mc} // ''))->start;
}

# An access file with this text, and its map.
sub has {
	my ($text, @options) = @_;
	unlink $access, "$access.db";
	spew($access, $text);
	chmod 0640, $access;
	run('sh', '-c', "makemap @options hash $access <$access");
}

sub run_ok {
	my $r = run(@_);
	$r->{code} == 0 or die "@_: $r->{err}\n";
	return $r->{out};
}

sub qblock {
	my ($sendmail, @args) = @_;
	push @args, '-q', "$work/mqueue" if $args[0] =~ /^(?:add|check)$/;
	return tool({env => {SUDO_USER => 'amy'}}, 'qblock', @args, '--cf',
	    $sendmail->{cf});
}

sub blocks {
	my ($sendmail, @args) = @_;
	my $r = qblock($sendmail, 'add', @args, '--yes');
	is($r->{code}, 0, "qblock add @args --yes") or diag $r->{err};
}

# What check says of a client, with a sendmail that is asked as well.
sub check {
	my ($sendmail, $client, $code, $re) = @_;
	my $r = qblock($sendmail, 'check', $client, '--sendmail');
	is($r->{code}, $code, "qblock check $client exits $code")
	    or diag $r->{err};
	like($r->{out}, $re, '... and sendmail says the same');
}

subtest 'an address' => sub {
	my $sendmail = server(map => '-T<TMPF>');
	# This session was there before the block.
	my $open = $sendmail->_connect('192.0.2.66');
	like($sendmail->answer_to('192.0.2.66'), $taken, 'taken before');
	check($sendmail, '192.0.2.66', 1, qr/^sendmail -bt says: no entry$/m);
	my @stat = map { [(stat $_)[2, 4, 5]] } $access, "$access.db";

	blocks($sendmail, '192.0.2.66', '--expire=24h', '--reason=flood');
	like($sendmail->answer_to('192.0.2.66'), $rejected, 'refused at once');
	like($sendmail->answer_to($_), $taken, "$_ is not")
	    for '192.0.2.67', '192.0.2.6', '198.51.100.66', '127.0.0.1',
	    '2001:db8::66';
	check($sendmail, '192.0.2.66', 0, qr/^sendmail -bt says: REJECT$/m);
	check($sendmail, '192.0.2.6', 1, qr/^sendmail -bt says: no entry$/m);
	is_deeply([map { [(stat $_)[2, 4, 5]] } $access, "$access.db"],
	    \@stat, 'mode and owner of file and map are kept');

	# check_relay is at the connection: an open session is not refused.
	like(MQ::Sendmail::_talk($open, 'HELO x', 250), qr/^250/,
	    'the session that was open goes on');

	my $r = qblock($sendmail, 'remove', '192.0.2.66', '--yes');
	is($r->{code}, 0, 'remove');
	like($sendmail->answer_to('192.0.2.66'), $taken, 'taken again');
	is($r = slurp($access), "# of the administrator\nConnect:198.51.100"
	    . "\tRELAY\nConnect:198.51.100.66\tRELAY\n", 'the file is as it was');
};

subtest 'networks, names, IPv6 and replies' => sub {
	my $sendmail = server(map => '-T<TMPF>');
	blocks($sendmail, '192.0.2.0/24');
	like($sendmail->answer_to($_), $rejected, "$_ is refused")
	    for '192.0.2.1', '192.0.2.254';
	like($sendmail->answer_to($_), $taken, "$_ is not")
	    for '198.51.100.1', '127.0.0.1';
	blocks($sendmail, '2001:db8:1:2::/64', '2001:db8::66');
	like($sendmail->answer_to($_), $rejected, "$_ is refused")
	    for '2001:db8:1:2::66', '2001:db8:1:2:ffff::', '2001:db8::66';
	like($sendmail->answer_to($_), $taken, "$_ is not")
	    for '2001:db8:1:3::66', '2001:db8::67', '2001:db8:0:1::66';
	check($sendmail, '2001:db8::66', 0, qr/says: REJECT$/m);
	check($sendmail, '2001:db8:1:2::9', 0, qr/says: REJECT$/m);

	like($sendmail->answer_to('203.0.113.5'), $taken, 'a host with a name');
	blocks($sendmail, 'bad.example');
	like($sendmail->answer_to('203.0.113.5'), $rejected,
	    '... is refused by the domain');
	check($sendmail, 'mx.bad.example', 0, qr/says: REJECT$/m);
	run_ok(program('qblock'), 'remove', 'bad.example',
	    '192.0.2.0/24', '--yes', '--cf', $sendmail->{cf});

	blocks($sendmail, '192.0.2.70', '--reply=tempfail');
	like($sendmail->answer_to('192.0.2.70'),
	    qr/^(?:4\d\d) .*Too much mail from your host/, 'tempfail');
	check($sendmail, '192.0.2.70', 0, qr/says: ERROR : 4 \. 7 \. 1/);
	blocks($sendmail, '192.0.2.71', '--reply=ERROR:5.7.1:"550 Go away"');
	like($sendmail->answer_to('192.0.2.71'), qr/^55[04] .*Go away/,
	    'a text of our own');
};

# As of 8.12 to 8.14, and by request later: shortened addresses.
subtest 'UseCompressedIPv6Addresses' => sub {
	my $sendmail = server(map => '-T<TMPF>',
	    mc => "define(`confUSE_COMPRESSED_IPV6_ADDRESSES', `true')dnl\n");
	blocks($sendmail, '2001:db8::66', '2001:db8:1:2::/64',
	    '2001:db8:1:3:5::/80');
	like($sendmail->answer_to($_), $rejected, "$_ is refused")
	    for '2001:db8::66', '2001:db8:1:2::66', '2001:db8:1:2:3:4:5:6',
	    '2001:db8:1:3:5:1:2:3', '2001:db8:1:3:5::1';
	like($sendmail->answer_to($_), $taken, "$_ is not")
	    for '2001:db8::67', '2001:db8:1:3::1', '2001:db8:1:3:6:1:2:3';
	check($sendmail, '2001:db8::66', 0, qr/says: REJECT$/m);
	# The key of the second would be 2001:db8::5, which is a host, too.
	for my $network ('2001:db8::/64', '2001:db8:0:0:5::/80') {
		my $r = qblock($sendmail, 'add', $network, '--yes');
		is($r->{code}, 2, "a network with zeros is refused: $network");
		like($r->{err}, qr/UseCompressedIPv6Addresses/, '... and why');
	}
};

subtest 'FEATURE(delay_checks), and keys that are not folded' => sub {
	my $sendmail = server(map => '-f -T<TMPF>', makemap => ['-f'],
	    mc => "FEATURE(`delay_checks')dnl\n");
	blocks($sendmail, '192.0.2.66');
	check($sendmail, '192.0.2.66', 0, qr/^sendmail -bt says: REJECT$/m);
	my $smtp = $sendmail->_connect('192.0.2.66');
	MQ::Sendmail::_talk($smtp, $_, 250) for 'HELO x',
	    'MAIL FROM:<a@lab.example.net>';
	like(MQ::Sendmail::_talk($smtp, 'RCPT TO:<b@lab.example.net>', 550),
	    qr/Access denied/, 'refused when it names a recipient');
};

# sendmail looks at the name first, and qblock has to ask as it does.
subtest 'a name that lets its address in' => sub {
	my $sendmail = server(map => '-T<TMPF>');
	has("Connect:isp.example\tOK\n");
	like($sendmail->answer_to('192.0.2.80'), $taken, 'let in by its name');
	$sendmail->send(1, client => '192.0.2.80', to => 'root@lab.example.net');
	my $r = qblock($sendmail, 'add', '192.0.2.80', '--yes');
	is($r->{code}, 2, 'a block that would not be in force is refused');
	like($r->{err}, qr/as mail\.isp\.example it is let in by line 1 \(Connect:isp\.example OK\)/,
	    '... and says why');
	# As if somebody had written it all the same.
	has("Connect:isp.example\tOK\nConnect:192.0.2.80\tREJECT\n");
	like($sendmail->answer_to('192.0.2.80'), $taken, 'it is let in still');
	check($sendmail, '192.0.2.80', 1,
	    qr/^192\.0\.2\.80 as mail\.isp\.example is let in: .*\nsendmail -bt says of mail\.isp\.example: OK$/m);
	has("# nothing\n");
	blocks($sendmail, '192.0.2.80');
	like($sendmail->answer_to('192.0.2.80'), $rejected,
	    'without the line the block is in force');
	check($sendmail, '192.0.2.80', 0,
	    qr/^sendmail -bt says of mail\.isp\.example: REJECT$/m);
};

# Each value, as the entry of a client of its own: what sendmail does is what
# check says, with and without the argument of the feature that knows SKIP.
my @values = ('OK', 'RELAY', 'ok', 'Reject', "REJECT\r", "OK\r", 'OK ',
    '550 no', '550', 'Go away', 'HATER', 'SKIP', 'DISCARD', 'discard',
    'QUARANTINE:x', 'QUARANTINE', 'ERROR:450 x', 'ERROR:4.7.1:450 later',
    'ERROR:5.7.1:no', 'ERROR:', '<TMPF>', 'SUBNET', 'OK x', 'REJECT x',
    'ERROR:D:550 x', '"550 q"', '250 x');
for my $args ('', ", `skip'") {
	subtest "values$args" => sub {
		my $sendmail = server(map => '-T<TMPF>', args => $args);
		has(join '', map { 'Connect:192.0.2.' . ($_ + 1)
		    . "\t$values[$_]\n" } 0 .. $#values);
		for my $n (1 .. @values) {
			my $value = $values[$n - 1] =~ s/\r/CR/r;
			my $said = $sendmail->answer_to("192.0.2.$n");
			check($sendmail, "192.0.2.$n",
			    $said =~ /^[45]/ ? 0 : 1,
			    $value eq '250 x' ? qr/ is not refused: / :
			    $said =~ /^2/ ? qr/ is (?!blocked)/ :
			    qr/ is blocked: /) or diag "$value: $said";
		}
	};
}

subtest 'SKIP of a name, and of a name with a dot' => sub {
	my $sendmail = server(map => '-T<TMPF>', args => ", `skip'");
	has("Connect:isp.example\tSKIP\n");
	blocks($sendmail, '192.0.2.80');
	like($sendmail->answer_to('192.0.2.80'), $rejected,
	    'the address is looked at all the same');
	check($sendmail, '192.0.2.80', 0, qr/ is blocked: /);
	$sendmail = server(map => '-T<TMPF>', args => ", `lookupdotdomain'");
	has("Connect:.isp.example\tOK\nConnect:192.0.2.80\tREJECT\n");
	like($sendmail->answer_to('192.0.2.80'), $taken, '.isp.example');
	check($sendmail, '192.0.2.80', 1, qr/ is let in: connect:\.isp\.exam/);
};

# A site may have lived for years with what makemap complains of.
for (["Connect:192.0.2.1 REJECT\nConnect:192.0.2.1 REJECT\n", 2],
    ["# c\r\n\r\nConnect:192.0.2.1 REJECT\r\n", 2],
    ["a\nConnect:192.0.2.1 REJECT\n", 1],
    ["Connect:192.0.2.1 REJECT\n" . 'x' x 1019 . " OK\n", undef],
    ["Connect:192.0.2.1 REJECT\n" . 'x' x 1020 . " OK\n", 2],
    ["Connect:192.0.2.1 REJECT\n#" . 'x' x 3000 . " OK\n", 2]) {
	my ($text, $line) = @$_;
	subtest 'a fault in line ' . ($line // 'none') => sub {
		my $sendmail = server(map => '-T<TMPF>');
		has($text);
		my $r = qblock($sendmail, 'add', '192.0.2.66', '--yes');
		is($r->{code}, 0, 'blocked all the same') or diag $r->{err};
		my ($said) = $r->{out} =~ /^note: line (\d+) of \Q$access\E /m;
		is($said, $line, '... and the line is named');
		like($sendmail->answer_to($_), $rejected, "$_ is refused")
		    for '192.0.2.66', '192.0.2.1';
		is(substr(slurp($access), 0, length $text), $text,
		    'the file is as it was');
	};
}

subtest 'what goes wrong' => sub {
	my $sendmail = server(map => '-T<TMPF>');
	blocks($sendmail, '192.0.2.66');
	my $before = slurp($access);

	# A full disk, as makemap sees it: a limit on the size of files.
	my $r = run('sh', '-c', 'ulimit -f 8; exec "$@"', 'sh',
	    program('qblock'), 'add', '192.0.2.67', '--yes', '--cf',
	    $sendmail->{cf});
	is($r->{code}, 2, 'makemap fails');
	like($r->{err}, qr/makemap/, '... which is said') or diag $r->{err};
	is(slurp($access), $before, '... the file is as it was');
	like($sendmail->answer_to('192.0.2.66'), $rejected,
	    '... the old map is in force');
	like($sendmail->answer_to('192.0.2.67'), $taken, '... as it was');
	is_deeply([glob "$work/.new*"], [], '... nothing is left');

	# All of them at once, and sendmail takes mail meanwhile.
	my @pids = map {
		my $n = $_;
		my $pid = fork // die "fork: $!\n";
		if (!$pid) {
			my $r = qblock($sendmail, 'add', "192.0.2.$n",
			    '--yes');
			POSIX::_exit($r->{code});
		}
		$pid;
	} 101 .. 106;
	my @said = map { $sendmail->answer_to('192.0.2.68') } 1 .. 20;
	is_deeply([map { waitpid $_, 0; $? } @pids], [(0) x 6],
	    'six qblocks at once');
	# sendmail tempfails where the map changes between its stat and open.
	is_deeply([grep { !/$taken|^451 4\.3\.0 / } @said], [],
	    '... others are taken, or told to try again');
	like($sendmail->answer_to('192.0.2.68'), $taken, '... and are taken');
	like($sendmail->answer_to("192.0.2.$_"), $rejected, "192.0.2.$_ is not")
	    for 101 .. 106;
};

subtest 'the mail log' => sub {
	my $sendmail = server(map => '-T<TMPF>');
	my $log = IO::Socket::UNIX->new(Type => SOCK_DGRAM,
	    Local => '/dev/log') or die "/dev/log: $!\n";
	blocks($sendmail, '192.0.2.66', '--reason=a flood|x');
	qblock($sendmail, 'add', '192.0.2.66', '--yes');
	run_ok(program('qblock'), 'remove', '192.0.2.66', '--yes',
	    '--cf', $sendmail->{cf});
	$log->blocking(0);
	my @lines;
	while (defined $log->recv(my $line, 4096)) {
		push @lines, $line =~ s/\0\z//r if $line =~ /qblock/;
	}
	# mail.notice is 2 * 8 + 5.
	is(scalar @lines, 2, 'one line a change');
	like($lines[0], qr/^<21>.*qblock\[\d+\]: blocked 192\.0\.2\.66 for ever: REJECT, by amy, in \Q$access\E: a flood_x$/,
	    '... who, what, where and why');
	like($lines[1], qr/: ended the block of 192\.0\.2\.66 .*, by root, in /,
	    '... and when it ends');
	unlink '/dev/log';
};

done_testing;
