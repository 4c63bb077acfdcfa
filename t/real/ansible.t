#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# ansible.t - contrib/ansible on four hosts, of which one fails and one is out
# of reach
#
# A "host" is a directory with a sendmail and a double of MailScanner of its own.
use strict;
use warnings;

use File::Basename qw(dirname);
use FindBin;
use lib "$FindBin::Bin/../lib";
use MQ;
use MQ::Flood;
use Test::More;

need('root', 'm4', 'ip', 'ss', 'ssh', 'ansible-playbook',
    '/usr/sbin/sendmail', '/usr/sbin/makemap');

my $work = tempdir();
my ($flooder, $other) = ('192.0.2.66', '192.0.2.6');
my %host;
for (qw(mx1 mx2 mx3)) {
	$host{$_} = MQ::Flood->new(dir => "$work/$_", ask => 1);
	$host{$_}{sendmail}->send(30, client => $flooder,
	    to => 'b@lab.example.net');
	$host{$_}{sendmail}->send(1, client => $other,
	    to => 'b@lab.example.net');
}
# This one can't write its new file, so it can't block.
my $fine = slurp($host{mx1}{access});
my $in_the_way = dirname($host{mx2}{access}) . '/.new.qblock';
mkdir $in_the_way or die "$in_the_way: $!\n";
write_inventory();

sub write_inventory {
	my $text = "mailservers:\n  vars:\n    flood_become: false\n  hosts:\n";
	for my $name (sort keys %host) {
		my $h = $host{$name};
		my $qblock = join ', ', program('qblock'), '--cf',
		    $h->{sendmail}{cf};
		my $respond = join ', ', ($h->command)[1 .. 3];
		$text .= "    $name:\n      ansible_connection: local\n"
		    . "      flood_qblock: [$qblock]\n"
		    . "      flood_respond: [$respond]\n"
		    . "      flood_records: $h->{records}\n";
	}
	# Nobody listens there.
	spew("$work/inventory.yml", $text,
	    "    mx4:\n      ansible_host: 127.0.0.1\n"
	    . "      ansible_port: 1\n");
}

# play(NAME, ARGUMENT...): as run(), and {host step} => [state, text] of the
# table at the end.
sub play {
	my ($name, @args) = @_;
	my $r = run({env => {LC_ALL => 'C.UTF-8', HOME => $work,
	    ANSIBLE_NOCOWS => 1}}, 'ansible-playbook', '-i',
	    "$work/inventory.yml", srcdir() . "/contrib/ansible/$name.yml",
	    @args);
	$r->{table} = {map { /^ +"(mx\d) +(\w+) +(changed|ok|FAILED|not done|unreachable) *(.*?)",?$/ ?
	    ("$1 $2" => [$3, $4]) : () } split /\n/, $r->{out}};
	return $r;
}

sub states {
	my ($r) = @_;
	return {map { $_ => $r->{table}{$_}[0] } keys %{$r->{table}}};
}

my @flood = ('-e', "flood_address=$flooder");

subtest 'the playbooks are playbooks' => sub {
	is(play($_, '--syntax-check')->{code}, 0, $_) for qw(block respond undo);
	my $r = play('block');
	isnt($r->{code}, 0, 'without an address');
	like($r->{out}, qr/expected -e flood_address=ADDRESS/, '... says so');
	$r = play('block', '-e', '{"flood_address": "1.2.3.4; id"}');
	isnt($r->{code}, 0, 'an address that is none');
	my $hosts = run({env => {LC_ALL => 'C.UTF-8', HOME => $work}},
	    'ansible-inventory', '-i',
	    srcdir() . '/contrib/ansible/inventory.yml', '--graph')->{out};
	like($hosts, qr/\@mailservers:\n.*mx1\.example\.net/,
	    'the sample inventory is one');
};

subtest 'block.yml --check' => sub {
	my $r = play('block', @flood, '--check');
	is($r->{code}, 2, 'exits 2: one host is out of reach');
	is_deeply(states($r), {'mx1 block' => 'changed', 'mx2 block' =>
	    'changed', 'mx3 block' => 'changed', 'mx4 block' =>
	    'unreachable'}, 'the table');
	like($r->{table}{'mx1 block'}[1], qr/^would block $flooder until /,
	    '... says what would be done');
	is(slurp($host{$_}{access}), $fine, "$_ is as it was") for qw(mx1 mx3);
};

subtest 'block.yml' => sub {
	my $r = play('block', @flood);
	is($r->{code}, 2, 'exits 2');
	is_deeply(states($r), {'mx1 block' => 'changed', 'mx2 block' =>
	    'FAILED', 'mx3 block' => 'changed', 'mx4 block' =>
	    'unreachable'}, 'the table names who failed');
	like($r->{table}{'mx2 block'}[1], qr/cannot write beside .*: File exists/,
	    '... and why');
	like($host{$_}{sendmail}->answer_to($flooder), qr/^55/,
	    "$_ refuses it") for qw(mx1 mx3);
	like($host{mx2}{sendmail}->answer_to($flooder), qr/^250/,
	    'mx2 does not');
	is(slurp($host{mx2}{access}), $fine, '... its file is as it was');
	is(states(play('block', @flood))->{'mx1 block'}, 'ok',
	    'a second run changes nothing');
	is(states(play('block', @flood, '-e', 'flood_expire=7d'))
	    ->{'mx1 block'}, 'changed', '... unless asked for more');
};

subtest 'respond.yml --check' => sub {
	my $r = play('respond', @flood, '-e', 'flood_max=100%', '--check');
	is($r->{code}, 2, 'exits 2');
	is(states($r)->{'mx1 response'}, 'changed', 'what would be done');
	is($host{mx1}->count->{qf}, 31, '... is not done');
	is($host{mx1}->log, '', '... not even to MailScanner');
};

subtest 'respond.yml' => sub {
	my $r = play('respond', @flood, '-e', 'flood_max=100%');
	is($r->{code}, 2, 'exits 2');
	is_deeply(states($r), {'mx1 block' => 'ok', 'mx1 response' =>
	    'changed', 'mx2 block' => 'FAILED', 'mx2 response' =>
	    'not done', 'mx3 block' => 'ok', 'mx3 response' => 'changed',
	    'mx4 block' => 'unreachable', 'mx4 response' => 'not done'},
	    'the table');
	like($r->{out}, qr/TASK \[flood : Block.*TASK \[flood : Respond/s,
	    'the block is first, on all');
	for (qw(mx1 mx3)) {
		is($host{$_}->count->{hf}, 30, "$_ holds its mail");
		is($host{$_}->count->{qf}, 1, '... and no other');
		is($host{$_}->log, 'stop start', '... MailScanner was stopped');
	}
	is($host{mx2}->count->{qf}, 31, 'mx2 was left alone');
};

subtest 'a response that fails' => sub {
	$host{mx3}->configure(qflush => '/bin/false');
	play('undo', @flood);
	rmdir $in_the_way or die "$in_the_way: $!\n";
	my $r = play('respond', @flood, '-e', 'flood_max=100%');
	is($r->{code}, 2, 'exits 2');
	is($r->{table}{'mx3 response'}[0], 'FAILED', 'mx3 is named')
	    or diag $r->{out};
	is($r->{table}{'mx2 response'}[0], 'changed', 'mx2 is done now');
	is($host{mx2}->count->{hf}, 30, '... and holds its mail');
	$host{mx3}->configure;
};

subtest 'undo.yml' => sub {
	my $r = play('undo', '-e', "flood_address=$other");
	is(states($r)->{'mx1 undo'}, 'not done',
	    'there is no record for an address that begins alike');
	is($host{mx1}->count->{hf}, 30, '... nothing is undone');
	$r = play('undo', @flood, '--check');
	is($host{mx1}->count->{hf}, 30, '--check changes nothing');
	$r = play('undo', @flood);
	is($r->{code}, 2, 'exits 2: mx4');
	for (sort keys %host) {
		is($host{$_}->count->{qf}, 31, "$_: the mail is back");
		is(slurp($host{$_}{access}), $fine, '... the block is gone');
		like($host{$_}{sendmail}->answer_to($flooder), qr/^250/,
		    '... it may send');
	}
};

done_testing;
